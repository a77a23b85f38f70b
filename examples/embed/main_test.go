package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestTheStoryRuns(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), t.TempDir(), &out); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, "account: allowed, lin@example.org\n") || !strings.Contains(s, "push: denied, ") {
		t.Error(s)
	}
}
