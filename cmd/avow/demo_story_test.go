package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/avow-dev/avow/internal/world"
)

// The story checks itself: every command must end with the code that its story
// says.
func playStory(t *testing.T, more ...string) {
	t.Helper()
	var out bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, dir: t.TempDir()}
	args := append([]string{"demo", "story", "--data", "here", "--people", "40"}, more...)
	if code := a.run(t.Context(), args); code != exitOK {
		t.Fatalf("the story ended with code %d:\n%s", code, out.String())
	}
	for _, want := range []string{"That was the whole story", "and 0 values of the other 39 people", "consent.withdrawn", "verified:  erasure of everything"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the story does not say %q:\n%s", want, out.String())
		}
	}
}

func TestTheStoryPlays(t *testing.T) {
	t.Parallel()
	playStory(t)
}

func TestTheStoryPlaysOnPostgreSQL(t *testing.T) {
	t.Parallel()
	playStory(t, "--postgres", world.Database(t, "AVOW_TEST_POSTGRES"), "--postgres-keys", world.Database(t, "AVOW_TEST_POSTGRES_KEYS"))
}
