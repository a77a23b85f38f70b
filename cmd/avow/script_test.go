package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/policies"
)

var update = flag.Bool("update", false, "write what commands print into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"avow": scripted, "sqlite3": sqliteCommand})
}

// tests drops the databases that were made for them, and the program.
type tests struct{ m *testing.M }

func (t tests) Run() int {
	defer func() { os.RemoveAll(built.dir) }()
	return world.Main(t.m)
}

// The scripts are the specification of the command line: one file for each
// group of commands. Beside the commands of testscript they have
//
//	code N avow ARG …    runs avow, which must end with exit code N
//	platform [ARG …]     makes the platform goscom-pro
//	staff                adds mei, of support, and jun, the privacy officer
//	shop N               makes a shop of N customers; LIN is one's address, ANN another's
//	keep NAME [PATH]     sets NAME to what was printed, or to a place of its JSON
//	sqlite FILE SQL      runs SQL and prints the first column of what it gives
//	flip FILE            changes one bit in the middle of a file
//	socket               waits until the server's socket answers
//	terminate            sends SIGTERM to what runs in the background
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata", UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			pack, err := policies.Files.ReadFile("goscom-pro.yaml")
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "goscom-pro.yaml"), pack, 0o600)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code": scriptCode, "platform": scriptPlatform, "shop": scriptShop, "keep": scriptKeep,
			"staff": scriptStaff, "terminate": scriptTerminate, "sqlite": scriptSQLite, "flip": scriptFlip, "socket": scriptSocket,
		},
	})
}

func scriptCode(ts *testscript.TestScript, _ bool, args []string) {
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	wantCode(ts, args, got)
}

// wantCode is whether a command ended as the first argument says.
func wantCode(ts *testscript.TestScript, args []string, got int) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got != want {
		ts.Fatalf("%s ended with code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

func scriptPlatform(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Exec("avow", append([]string{"platform", "add", "goscom-pro", "--policy", "goscom-pro.yaml"}, args...)...))
}

func scriptStaff(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(os.WriteFile(ts.MkAbs("password.txt"), []byte("a good long password 4711\n"), 0o600))
	for login, role := range map[string]string{"mei": "support", "jun": "privacy-officer"} {
		ts.Check(ts.Exec("avow", "staff", "add", login, "--name", login, "--role", "goscom-pro:"+role, "--password", "@password.txt"))
	}
}

func scriptTerminate(ts *testscript.TestScript, _ bool, _ []string) {
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(syscall.SIGTERM))
	}
}

func scriptShop(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	people, err := shop.CreateSQLite(context.Background(), ts.MkAbs("shop.db"), n)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("shop.yaml"), shop.Map("sqlite"), 0o600))
	ts.Setenv("LIN", people[0].Email)
	ts.Setenv("LIN_PHONE", people[0].Phone)
	ts.Setenv("LIN_NAME", people[0].Nickname)
	ts.Setenv("ANN", people[1].Email)
}

func scriptKeep(ts *testscript.TestScript, _ bool, args []string) {
	out := strings.TrimSpace(ts.ReadFile("stdout"))
	if len(args) == 2 {
		var v any
		ts.Check(json.Unmarshal([]byte(out), &v))
		for _, key := range strings.Split(args[1], ".") {
			if list, ok := v.([]any); ok {
				i, err := strconv.Atoi(key)
				if err != nil || i >= len(list) {
					ts.Fatalf("there is no %s in %s", args[1], out)
				}
				v = list[i]
				continue
			}
			m, ok := v.(map[string]any)
			if !ok || m[key] == nil {
				ts.Fatalf("there is no %s in %s", args[1], out)
			}
			v = m[key]
		}
		out = fmt.Sprint(v)
	}
	ts.Setenv(args[0], out)
}

func scriptSQLite(ts *testscript.TestScript, _ bool, args []string) {
	c, err := sqlite3.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer c.Close()
	s, _, err := c.Prepare(args[1])
	ts.Check(err)
	defer s.Close()
	for s.Step() {
		fmt.Fprintln(ts.Stdout(), s.ColumnText(0))
	}
	ts.Check(s.Err())
}

func scriptFlip(ts *testscript.TestScript, _ bool, args []string) {
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	b[len(b)/2] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o600))
}

func scriptSocket(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(waitForSocket(ts.MkAbs("data/" + socketName)))
}

// waitForSocket waits until a server answers.
func waitForSocket(path string) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(30 * time.Second); ; {
		c, err := net.Dial("unix", path)
		if err == nil {
			return c.Close()
		}
		select {
		case <-end:
			return err
		case <-tick.C:
		}
	}
}
