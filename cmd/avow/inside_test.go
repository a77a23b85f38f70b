package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/avow-dev/avow/staff"
)

// The scenarios run two thousand commands. As a process of its own each costs more
// for its start than for its work, so what they exec runs here: one app for each
// line, as a server runs one for each call, with stores that are opened and closed
// for it. Servers, and whatever goes on in the background, are processes. TestScripts
// runs every command as a process.

// goesOn matches the end of a line that leaves its command in the background.
var goesOn = regexp.MustCompile(`&\w*&?$`)

// insideScripts copies scripts into a folder, with "exec avow" as "inside" where the
// command may run here.
func insideScripts(t *testing.T, from string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(file)), []byte(inside(string(src))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// inside rewrites the lines of a script, and leaves its files alone.
func inside(src string) string {
	script, files := src, ""
	if at := strings.Index(src, "\n-- "); at >= 0 {
		script, files = src[:at], src[at:]
	}
	lines := strings.Split(script, "\n")
	for i, line := range lines {
		if i > 0 && strings.HasPrefix(lines[i-1], "stdin ") || goesOn.MatchString(line) {
			continue
		}
		if rest, ok := strings.CutPrefix(line, "exec avow "); ok {
			lines[i] = "inside " + rest
		}
		if rest, ok := strings.CutPrefix(line, "! exec avow "); ok {
			lines[i] = "! inside " + rest
		}
	}
	return strings.Join(lines, "\n") + files
}

// insideCode runs avow and returns its exit code. What it prints is what the
// script's next lines look at.
func insideCode(ts *testscript.TestScript, args []string) int {
	if slices.Contains(args, "serve") {
		ts.Fatalf("a server is a process of its own: exec avow serve")
	}
	return insideApp(ts, ts.Stdout(), ts.Stderr()).run(context.Background(), args)
}

// insideApp is an app for one line of a script. Passwords cost it next to nothing: they
// were two fifths of the processor time of all scenarios. Those that are typed at a
// server's door are checked, and hashed again, at their full cost.
func insideApp(ts *testscript.TestScript, stdout, stderr io.Writer) *app {
	return &app{
		stdin: strings.NewReader(""), stdout: stdout, stderr: stderr,
		dir: ts.MkAbs("."), clock: movedClock(ts.Getenv(clockVariable)),
		passwords: staff.Light(),
	}
}

// insideAvow is the command inside of a scenario.
func insideAvow(ts *testscript.TestScript, neg bool, args []string) {
	if code := insideCode(ts, args); (code == exitOK) == neg {
		ts.Fatalf("%s ended with code %d", strings.Join(args, " "), code)
	}
}

// must runs a command that a scenario cannot do without.
func must(ts *testscript.TestScript, args ...string) { insideAvow(ts, false, args) }

// insideCodeIs is code N avow ARG … of a scenario.
func insideCodeIs(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || args[1] != "avow" || slices.Contains(args, "serve") {
		scriptCode(ts, neg, args)
		return
	}
	wantCode(ts, args, insideCode(ts, args[2:]))
}

// Lines that run avow and wait for it run here; the rest, and the files, stay as they are.
func TestOnlyLinesThatWaitForAvowRunInside(t *testing.T) {
	got := inside("exec avow a\n! exec avow b\nexec avow serve &server&\nexec avow serve &\nstdin x\nexec avow c\nexec sed d\n-- f --\nexec avow e\n")
	want := "inside a\n! inside b\nexec avow serve &server&\nexec avow serve &\nstdin x\nexec avow c\nexec sed d\n-- f --\nexec avow e\n"
	if got != want {
		t.Errorf("the script became\n%s\nwant\n%s", got, want)
	}
}

// awaitInside repeats a command until what it prints matches: for what a server does
// by itself a moment later, such as writing down that a letter is out.
func awaitInside(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 || args[1] != "avow" {
		ts.Fatalf("usage: await PATTERN avow ...")
	}
	re, end := regexp.MustCompile(args[0]), time.Now().Add(30*time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var out bytes.Buffer
		insideApp(ts, &out, &out).run(context.Background(), args[2:])
		if re.Match(out.Bytes()) {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("never printed %s: %s", args[0], out.String())
		}
		<-tick.C
	}
}
