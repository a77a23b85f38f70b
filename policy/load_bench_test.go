package policy_test

import (
	"testing"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

// Compiling the largest pack, from its bytes to a policy in force, stays under
// 20 ms (docs/benchmarks.md).
func BenchmarkLoadLargestPack(b *testing.B) {
	files, err := policies.Files.ReadDir(".")
	if err != nil {
		b.Fatal(err)
	}
	var name string
	var src []byte
	for _, f := range files {
		text, err := policies.Files.ReadFile(f.Name())
		if err != nil {
			b.Fatal(err)
		}
		if len(text) > len(src) {
			name, src = f.Name(), text
		}
	}
	b.Logf("%s, %d bytes", name, len(src))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := policy.Load(name, src, nil); err != nil {
			b.Fatal(err)
		}
	}
}
