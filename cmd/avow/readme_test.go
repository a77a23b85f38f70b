package main

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"
)

// sqliteCommand stands in for SQLite's own command line, which a machine with Go
// alone does not have: sqlite3 FILE SQL.
func sqliteCommand() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "sqlite3: FILE SQL")
		os.Exit(2)
	}
	c, err := sqlite3.Open(os.Args[1])
	if err == nil {
		err = c.Exec(os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// wanted is how a line of the tour says that it ends with another code than 0.
var wanted = regexp.MustCompile(`^(.+?)\s+# .*exit code ([0-9])$`)

// tour returns the lines of the README that a reader types, as one script that
// ends where a line does not do what the README says.
func tour(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	script, inside, here := []string{"set -euo pipefail"}, false, false
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(line, "\n")
		switch m := wanted.FindStringSubmatch(line); {
		case strings.HasPrefix(line, "## "):
			here = line == "## Tour" || line == "## Put it in front of your own database"
		case here && line == "```sh":
			inside = true
		case line == "```":
			inside = false
		case inside && m != nil:
			script = append(script, "set +e", m[1], "code=$?", "set -e", `[ "$code" = `+m[2]+` ] || { echo "`+"ended with $code, not "+m[2]+`"; exit 99; }`)
		case inside:
			script = append(script, line)
		}
	}
	if len(script) < 50 {
		t.Fatalf("the README has no tour: %d lines", len(script))
	}
	return strings.Join(script, "\n") + "\n"
}

func TestTheTourOfTheReadmeDoesWhatItSays(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "bash", "-x", "-c", tour(t))
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	for _, says := range []string{
		"the person has not consented to \"news\"", "clause L-2", "write under collections", "plan ", "verified",
	} {
		if !strings.Contains(string(out), says) {
			t.Errorf("the tour does not say %q:\n%s", says, out)
		}
	}
	text := unzipped(t, filepath.Join(dir, "access.zip"))
	for _, hers := range []string{"lin@example.org", "Lin Xi", "brass lamp"} {
		if !strings.Contains(text, hers) {
			t.Errorf("the package lacks %q", hers)
		}
	}
	for _, other := range []string{"ann@example.org", "Ann Lee", "glass lamp"} {
		if strings.Contains(text, other) {
			t.Errorf("the package holds %q of somebody else", other)
		}
	}
}

// unzipped returns all that the files of an archive hold.
func unzipped(t *testing.T, file string) string {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var text strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&text, r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return text.String()
}
