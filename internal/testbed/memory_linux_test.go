package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMemoryIsReadAsTheSystemSaysIt(t *testing.T) {
	for info, want := range map[string]int64{
		"MemTotal:       24731708 kB\nMemAvailable:   23731112 kB\n": 23731112 << 10,
		"MemTotal:       24731708 kB\n":                              0,
		"MemAvailable:   much kB\n":                                  0,
	} {
		if got := available([]byte(info)); got != want {
			t.Errorf("%q: %d bytes are available, want %d", info, got, want)
		}
	}
	file := filepath.Join(t.TempDir(), "memory.max")
	if limit(file) < 2*room {
		t.Error("without a container there is a limit")
	}
	for text, small := range map[string]bool{"max\n": false, "2147483648\n": true, "68719476736\n": false} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := limit(file) < 2*room; got != small {
			t.Errorf("a limit of %q is too small: %t", text, got)
		}
	}
}
