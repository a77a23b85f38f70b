package policy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func base(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "base.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func compile(t testing.TB, src string) *Policy {
	t.Helper()
	p, _, err := Load("base.yaml", []byte(src), nil)
	if err != nil {
		t.Fatalf("the policy does not compile:\n%v", err)
	}
	return p
}

// edit applies old → new replacements; each old text must be there.
func edit(t testing.TB, src string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(src, pairs[i]) {
			t.Fatalf("the policy has no %q", pairs[i])
		}
		src = strings.Replace(src, pairs[i], pairs[i+1], 1)
	}
	return src
}
