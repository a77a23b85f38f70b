package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/avow-dev/avow/internal/bench/report"
)

// A step is one run of benchmarks: of a package, or of REST.
type step struct {
	name, pkg, bench string
	time             [2]string // -benchtime, whole and quick
	slow             bool      // left out when it has to be quick
	memory           bool      // allocations count
}

// steps lists what is measured. Those who work alone on the machine come one after
// the other, so that none has another beside it.
func steps() []step {
	once := [2]string{"1x", "1x"}
	return []step{
		{name: "decide", pkg: "./policy", bench: "^BenchmarkDecide", time: [2]string{"2s", "300ms"}, memory: true},
		{name: "collect and use", pkg: "./vault", bench: "Governed/.*/.*/^64$", time: [2]string{"6x", "1x"}},
		{name: "the log", pkg: "./audit", bench: "Log/.*/^64$/^(plain|tree)$", time: [2]string{"100000x", "10000x"}},
		{name: "group commit", pkg: "./internal/db", bench: "InsertRatio/.*/^(64|256)$", time: [2]string{"25x", "9x"}},
		{name: "keys", pkg: "./internal/seal", bench: ".", time: [2]string{"1s", "1x"}, slow: true},
		{name: "the public board", pkg: "./promise", bench: "Board", time: [2]string{"20x", "1x"}, slow: true},
		{name: "bytes, sign-in, sweep", pkg: "./internal/bench", bench: "UseBytes|SignIn|Sweep", time: once},
		{name: "GDPRbench", pkg: "./internal/bench", bench: "GDPR", time: once},
		{name: "growth", pkg: "./internal/bench", bench: "People", time: once},
		{name: "facts in memory", pkg: "./internal/bench", bench: "DecideInMemory", time: [2]string{"1000000x", "100000x"}},
	}
}

// reporting are the flags of avowbench report.
type reporting struct {
	quick           bool
	out, avow, only string
}

// reported runs avowbench report, and says whether that was asked for.
func reported() bool {
	if len(os.Args) < 2 || os.Args[1] != "report" {
		return false
	}
	var o reporting
	set := flag.NewFlagSet("avowbench report", flag.ExitOnError)
	set.BoolVar(&o.quick, "quick", false, "small sizes, one round: to see that everything runs")
	set.StringVar(&o.out, "out", "", "write the report to this file, in place of the one that it holds (\"\": print it)")
	set.StringVar(&o.avow, "avow", "bin/avow", "the binary that is called over REST (\"\": leave REST out)")
	set.StringVar(&o.only, "only", "", "run only the steps whose name begins so; REST is rest")
	_ = set.Parse(os.Args[2:])
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := write(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "avowbench:", err)
		os.Exit(1)
	}
	return true
}

// write measures everything and writes the report. What cannot be measured is said
// in the report and does not keep the rest from it.
func write(ctx context.Context, o reporting) error {
	if os.Getenv("AVOW_TEST_POSTGRES") == "" {
		return testbed(ctx)
	}
	r, begin, before := report.Results{}, time.Now(), load1()
	failed := measureAll(ctx, r, o)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	taken := fmt.Sprintf("%s, %s, %d cores, load average %s before and %s after %s", begin.UTC().Format("2006-01-02 15:04"),
		runtime.Version(), runtime.NumCPU(), before, load1(), time.Since(begin).Round(time.Second))
	if o.quick {
		taken += ", quick sizes"
	}
	text := r.Markdown(taken)
	for _, f := range failed {
		text += "\nNot measured: " + f + "\n"
	}
	if o.out == "" {
		fmt.Print(text)
		return nil
	}
	held, err := os.ReadFile(o.out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(o.out, []byte(report.Into(string(held), text)), 0o644)
}

// measureAll runs the steps one after the other, and returns what went wrong.
func measureAll(ctx context.Context, r report.Results, o reporting) (failed []string) {
	say := func(name string) { fmt.Fprintf(os.Stderr, "%s %s\n", time.Now().Format(time.TimeOnly), name) }
	for _, s := range steps() {
		if !strings.HasPrefix(s.name, o.only) || o.quick && s.slow || ctx.Err() != nil {
			continue
		}
		say(s.name)
		text, err := s.run(ctx, o.quick)
		if err != nil {
			failed = append(failed, fmt.Sprintf("%s: %v", s.name, err))
		}
		r.Parse(text)
	}
	if o.avow != "" && strings.HasPrefix("rest", o.only) && ctx.Err() == nil {
		say("REST, start and memory")
		if err := restRows(ctx, r, o.quick, o.avow); err != nil {
			failed = append(failed, fmt.Sprintf("REST: %v", err))
		}
	}
	return failed
}

// testbed runs this very command again, with two PostgreSQL servers.
func testbed(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, "go", append([]string{"run", "./internal/testbed", "--", self}, os.Args[1:]...)...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	return c.Run()
}

// run runs the benchmarks of a package, with as many goroutines at once as Go runs by
// itself. avow serve lets two more run, which helps who waits for several syncs, and
// takes a tenth to a quarter from many callers of the library in one process: what is
// called over REST is measured on the server as it is.
func (s step) run(ctx context.Context, quick bool) (string, error) {
	benchtime, size := s.time[0], "full"
	if quick {
		benchtime, size = s.time[1], "quick"
	}
	args := []string{"test", "-run", "^$", "-bench", s.bench, "-benchtime", benchtime, "-timeout", "60m"}
	if s.memory {
		args = append(args, "-benchmem")
	}
	c := exec.CommandContext(ctx, "go", append(args, s.pkg)...)
	c.Env = append(os.Environ(), "AVOW_BENCH="+size)
	if os.Getenv("GOGC") == "" { // as in a server
		c.Env = append(c.Env, "GOGC=400")
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = io.MultiWriter(&out, os.Stderr), os.Stderr
	err := c.Run()
	return out.String(), err
}

// restRows has this command measure REST, as a process of its own.
func restRows(ctx context.Context, r report.Results, quick bool, avow string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if avow, err = filepath.Abs(avow); err != nil {
		return err
	}
	args := []string{"-json", "-avow", avow}
	if quick {
		args = append(args, "-rounds", "1", "-each", "500ms", "-people", "500", "-subjects", "5000")
	}
	c := exec.CommandContext(ctx, self, args...)
	c.Stderr = os.Stderr
	text, err := c.Output()
	if err != nil {
		return err
	}
	return r.REST(text)
}

// load1 returns the load average of the last minute, and "unknown" where there is
// none to read.
func load1() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(b))[0]
}
