package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/promise"
)

const (
	scenarioDir   = "../../testdata/promises"
	scenarioIndex = "../../promise/scenarios.txt"
	indexHead     = "# promise, and the scenarios of testdata/promises that prove it. Written by\n# go test ./cmd/avow -run TestScenarios -update.\n"
)

// A scenario is one script of testdata/promises. Its head says for which platform
// it runs and which promises it proves:
//
//	# platform: goscom-pro
//	# proves: C-013 C-014
type scenario struct {
	name, platform string
	proves         []string

	mu     sync.Mutex
	ran    bool
	kept   map[string]bool
	before map[string]int64 // evidence of a promise's controls, as last looked at
}

// readScenario reads the head of a script.
func readScenario(path string) (*scenario, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := &scenario{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), kept: map[string]bool{}, before: map[string]int64{}}
	for line := range strings.Lines(string(src)) {
		if rest, ok := strings.CutPrefix(line, "# platform:"); ok {
			s.platform = strings.TrimSpace(rest)
		}
		if rest, ok := strings.CutPrefix(line, "# proves:"); ok {
			s.proves = append(s.proves, strings.Fields(rest)...)
		}
	}
	if s.platform == "" || len(s.proves) == 0 {
		return nil, fmt.Errorf("%s: begin with # platform: and # proves:", path)
	}
	return s, nil
}

// The scenarios prove promises through the public doors: the command line, and
// the HTTP of a real server, with a platform's pack and a clock that they move.
// Beside the commands of the scripts in testdata they have
//
//	platform [ARG …]   makes the scenario's platform from its pack
//	clock D            moves business time by a duration: 240h
//	kept ID …          the board says that each promise is kept or attested, by
//	                   evidence that every control of it left since it was last asked
//	state STATE ID …   the board says that each promise stands like this
//	staff LOGIN=ROLE … adds people of the controller, trained and bound to confidentiality
//	                   where the pack asks for it
//	listen             lets the server listen on a free port
//	get PATH           asks that server, as a browser with its cookies
//	post PATH K=V …    sends it a form, and follows where it leads
//	follow RE          follows the first link of the page whose address RE matches
//	place NAME KEY     keeps a part of the query of the address that it led to
//	api METHOD PATH FILE
//	                   asks its API with the key KEY; FILE is the body, - for none
//	mailbox            takes the server's mail
//	letter NAME RE     waits for a letter that RE matches, and keeps what it found
//	member ZIP NAME    prints a member of a package
//	crowd …            lets people in who do all the same: see scenarioCrowd
//	defect NAME FILE   writes the pack with a defect of testdata/defects put into it
//	website FILE       runs a company's website, at SITE
//	stranger METHOD PATH K=V …
//	                   asks the server as a browser that takes no cookie
//	jar NAME PREFIX    keeps what the browser has in a cookie; ! jar: it has none
//	give NAME VALUE    puts a cookie into the browser
//	leave NAME         keeps the leave to clear cookies that a page gave
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob(scenarioDir + "/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no scenarios: %v", err)
	}
	all := map[string]*scenario{}
	for _, f := range files {
		s, err := readScenario(f)
		if err != nil {
			t.Fatal(err)
		}
		all[s.name] = s
	}
	if !t.Run("run", func(t *testing.T) { runScenarios(t, all) }) {
		return // what stopped half-way asked for nothing after it
	}
	whole := true
	for _, s := range all {
		if !s.ran {
			whole = false // only some were asked for
			continue
		}
		for _, id := range s.proves {
			if !s.kept[id] {
				t.Errorf("%s names %s and never asks whether it is kept: add kept %s, or take it out of # proves:", s.name, id, id)
			}
			delete(s.kept, id)
		}
		for id := range s.kept {
			t.Errorf("%s shows %s kept and does not name it: add it to # proves:", s.name, id)
		}
	}
	if whole {
		compareIndex(t, all)
		countProven(t, all)
	}
}

func runScenarios(t *testing.T, all map[string]*scenario) {
	of := func(ts *testscript.TestScript) *scenario { return all[ts.Getenv("SCENARIO")] }
	testscript.Run(t, testscript.Params{
		Dir: insideScripts(t, scenarioDir), RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			s := all[strings.TrimPrefix(filepath.Base(env.WorkDir), "script-")]
			if s == nil {
				return fmt.Errorf("no scenario runs in %s", env.WorkDir)
			}
			s.ran = true
			pack, err := policies.Files.ReadFile(s.platform + ".yaml")
			if err != nil {
				return err
			}
			if err := scenarioBrowser(env); err != nil {
				return err
			}
			env.Setenv("SCENARIO", s.name)
			env.Setenv("PLATFORM", s.platform)
			env.Setenv(clockVariable, filepath.Join(env.WorkDir, "clock"))
			return os.WriteFile(filepath.Join(env.WorkDir, s.platform+".yaml"), pack, 0o600)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"inside": insideAvow, "await": awaitInside, "code": insideCodeIs, "shop": scriptShop, "keep": scriptKeep, "terminate": scriptTerminate, "sqlite": scriptSQLite,
			"flip": scriptFlip, "socket": scriptSocket, "listen": scenarioListen, "staff": scenarioStaff, "get": scenarioGet, "clock": scenarioClock,
			"post": scenarioPost, "api": scenarioAPI, "mailbox": scenarioMailbox, "letter": scenarioLetter, "member": scenarioMember, "crowd": scenarioCrowd,
			"defect": scenarioDefect, "place": scenarioPlace, "follow": scenarioFollow,
			"website": scenarioWebsite, "stranger": scenarioStranger, "jar": scenarioJar, "give": scenarioGive, "leave": scenarioLeave,
			"platform": func(ts *testscript.TestScript, _ bool, args []string) {
				id := ts.Getenv("PLATFORM")
				must(ts, append([]string{"platform", "add", id, "--policy", id + ".yaml"}, args...)...)
			},
			"kept": func(ts *testscript.TestScript, _ bool, ids []string) { of(ts).mustKeep(ts, ids) },
			"state": func(ts *testscript.TestScript, _ bool, args []string) {
				mustStand(ts, promise.State(args[0]), args[1:])
			},
		},
	})
}

// A boardRow is a row of avow promises --json, as far as scenarios read it.
type boardRow struct {
	ID       string
	State    promise.State
	Evidence []struct {
		Control        policy.Control
		By             policy.Keeper
		State          promise.State
		Count, Checked int64
	}
}

// board asks for the board; a broken promise is one of its answers. The answer does
// not fill the script's log.
func board(ts *testscript.TestScript) map[string]boardRow {
	var out, said bytes.Buffer
	if code := insideApp(ts, &out, &said).run(context.Background(), []string{"promises", "--platform", ts.Getenv("PLATFORM"), "--json"}); code != exitOK && code != exitInternal {
		ts.Fatalf("avow promises ended with code %d: %s", code, said.String())
	}
	var rows []boardRow
	ts.Check(json.Unmarshal(out.Bytes(), &rows))
	found := map[string]boardRow{}
	for _, r := range rows {
		found[r.ID] = r
	}
	return found
}

func (s *scenario) mustKeep(ts *testscript.TestScript, ids []string) {
	rows := board(ts)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		r, ok := rows[id]
		if !ok {
			ts.Fatalf("%s is no clause of %s", id, ts.Getenv("PLATFORM"))
		}
		if r.State != promise.Kept && r.State != promise.Attested {
			ts.Fatalf("%s is %s, not kept: %+v", id, r.State, r.Evidence)
		}
		for _, e := range r.Evidence {
			key, now := id+" "+string(e.Control), e.Count+e.Checked
			if now <= s.before[key] {
				ts.Fatalf("%s: %s has left no evidence since it was last asked: %d entries", id, e.Control, now)
			}
			s.before[key] = now
		}
		s.kept[id] = true
	}
}

func mustStand(ts *testscript.TestScript, want promise.State, ids []string) {
	rows := board(ts)
	for _, id := range ids {
		if r := rows[id]; r.State != want {
			ts.Fatalf("%s is %q, want %s: %+v", id, r.State, want, r.Evidence)
		}
	}
}

func scenarioStaff(ts *testscript.TestScript, _ bool, roles []string) {
	ts.Check(os.WriteFile(ts.MkAbs("password.txt"), []byte("a good long password 4711\n"), 0o600))
	for _, r := range roles {
		login, role, ok := strings.Cut(r, "=")
		if !ok {
			ts.Fatalf("staff: write LOGIN=ROLE")
		}
		must(ts, "staff", "add", login, "--name", login, "--role", ts.Getenv("PLATFORM")+":"+role, "--password", "@password.txt")
		for _, duty := range askedOfStaff(ts.Getenv("PLATFORM")) {
			must(ts, "attestation", "sign", duty, "--for", login, "--as", login, "--platform", ts.Getenv("PLATFORM"), "--note", "done")
		}
	}
}

// askedOfStaff is what a pack asks of each of the staff before they see data. A scenario
// about that adds its people with avow staff add.
func askedOfStaff(pack string) []string {
	return map[string][]string{
		"go-soft": {"staff-training", "staff-undertaking"}, "example-company": {"staff-training"}, "buygogo": {"staff-undertaking"},
	}[pack]
}

// clockVariable names the file by how much a scenario has moved business time.
const clockVariable = "AVOW_TEST_CLOCK"

func scenarioClock(ts *testscript.TestScript, _ bool, args []string) {
	step, err := time.ParseDuration(args[0])
	ts.Check(err)
	file := ts.Getenv(clockVariable)
	have, err := moved(file)
	ts.Check(err)
	// Written apart and moved into place: a server may read it meanwhile.
	ts.Check(os.WriteFile(file+".new", []byte((have + step).String()), 0o600))
	ts.Check(os.Rename(file+".new", file))
}

func moved(file string) (time.Duration, error) {
	src, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return time.ParseDuration(string(src))
}

// movedClock is business time as the file says; nil, the engine's own, without one.
func movedClock(file string) func() time.Time {
	if file == "" {
		return nil
	}
	return func() time.Time {
		d, err := moved(file)
		if err != nil {
			panic(err)
		}
		return time.Now().Add(d)
	}
}

// scripted is the program as scripts run it: main, with a clock that can be moved.
func scripted() {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, dir: dir, clock: movedClock(os.Getenv(clockVariable))}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := a.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// scenarioListen finds a free port and writes it into the configuration.
func scenarioListen(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	address := l.Addr().String()
	ts.Check(l.Close())
	ts.Setenv("LISTEN", address)
	f, err := os.OpenFile(ts.MkAbs("avow.yaml"), os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	_, err = fmt.Fprintf(f, "listen: %s\n", address)
	ts.Check(errors.Join(err, f.Close()))
}

// compareIndex holds the embedded index against the scenarios.
func compareIndex(t *testing.T, all map[string]*scenario) {
	by := map[string][]string{}
	for name, s := range all {
		for _, id := range s.proves {
			by[id] = append(by[id], name)
		}
	}
	var b bytes.Buffer
	b.WriteString(indexHead)
	for _, id := range slices.Sorted(maps.Keys(by)) {
		slices.Sort(by[id])
		fmt.Fprintf(&b, "%s %s\n", id, strings.Join(by[id], " "))
	}
	have, err := os.ReadFile(scenarioIndex)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(have, b.Bytes()) {
		return
	}
	if !*update {
		t.Fatalf("%s does not name the scenarios as they are: run go test ./cmd/avow -run TestScenarios -update", scenarioIndex)
	}
	if err := os.WriteFile(scenarioIndex, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// countProven reports, for every pack, how many of its promises scenarios show kept
// and how many not yet; of those, how many wait for a control that is not built.
func countProven(t *testing.T, all map[string]*scenario) {
	names, err := fs.Glob(policies.Files, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	proven, unbuilt := map[string]bool{}, map[policy.Control]bool{}
	for _, s := range all {
		for _, id := range s.proves {
			proven[id] = true
		}
	}
	for _, c := range policy.Controls() {
		unbuilt[c.ID] = c.By == policy.NotBuilt
	}
	var kept, sum int
	for _, name := range names {
		src, err := policies.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := policy.Load(name, src, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n, waiting := 0, 0
		for _, c := range p.Clauses() {
			switch {
			case proven[c.ID]:
				n++
			case slices.ContainsFunc(c.Keeps, func(k policy.Control) bool { return unbuilt[k] }):
				waiting++
			}
		}
		of := len(p.Clauses())
		t.Logf("%-16s kept %3d, not yet %3d of %3d; %d of them wait for a control", p.Platform(), n, of-n, of, waiting)
		kept, sum = kept+n, sum+of
	}
	t.Logf("%-16s kept %3d, not yet %3d of %3d", "together", kept, sum-kept, sum)
}
