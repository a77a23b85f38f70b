// Command avowbench measures avow from outside: it starts avow serve as a
// process of its own, calls its REST interface over loopback at 1 and at 16
// connections, and prints each figure beside its target, as docs/benchmarks.md
// has them. The load generator shares the machine with the server.
//
//	go build -o bin/avow ./cmd/avow && go run ./cmd/avowbench -avow bin/avow
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

// options are the flags.
type options struct {
	avow     string        // the binary
	subjects int           // that are on record when start-up and memory are measured
	people   int           // that the load is about
	rounds   int           // of which the medians are printed
	each     time.Duration // how long one row runs in one round
	only     string        // the row to measure, by how its name begins; "" is all
	json     bool
	calm     float64       // per cent of the processors' time that others may take before a turn is taken again
	patience int           // how often at most
	rest     time.Duration // before each turn
	profile  string        // where the server under load writes on what the processor spent its time; "" is nowhere
}

func main() {
	if reported() {
		return
	}
	var o options
	flag.StringVar(&o.avow, "avow", "bin/avow", "the binary to measure")
	flag.IntVar(&o.subjects, "subjects", 100_000, "subjects on record when start-up and memory are measured (0: leave that out)")
	flag.IntVar(&o.people, "people", 5_000, "subjects that the load is about")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds; the medians are printed")
	flag.DurationVar(&o.each, "each", 3*time.Second, "how long each row runs in a round")
	flag.StringVar(&o.only, "only", "", "measure only the rows whose name begins so")
	flag.BoolVar(&o.json, "json", false, "print JSON")
	flag.Float64Var(&o.calm, "calm", 2, "per cent of the processors' time that other machines on the same hardware may take before a turn is taken again")
	flag.IntVar(&o.patience, "patience", 0, "how often a turn is taken again at most")
	flag.DurationVar(&o.rest, "rest", 0, "rest before each turn, where the machine is lent by credits that come back at rest")
	flag.StringVar(&o.profile, "cpu-profile", "", "file for a profile of the server under load, such as cmd/avow/serve.pgo")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "avowbench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp("", "avowbench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.avow, err = filepath.Abs(o.avow); err != nil {
		return err
	}
	key, err := prepare(ctx, o.avow, dir)
	if err != nil {
		return err
	}
	var flags []string
	if o.profile != "" {
		file, err := filepath.Abs(o.profile)
		if err != nil {
			return err
		}
		flags = []string{"--cpu-profile", file}
	}
	s, err := start(ctx, o.avow, dir, flags...)
	if err != nil {
		return err
	}
	defer func() { s.stop() }()
	l := newLoad(s, key, dir)
	if err := l.fill(ctx, o.people); err != nil {
		return err
	}
	rows, err := measure(ctx, l, o)
	if err != nil {
		return err
	}
	var idle standing
	if o.subjects > 0 {
		if err := l.fill(ctx, max(0, o.subjects-int(l.made.Load()))); err != nil {
			return err
		}
		s.stop()
		if idle, s, err = stand(ctx, o, dir); err != nil {
			return err
		}
		idle.Subjects = int(l.made.Load())
	}
	if o.json {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"rest": rows, "standing": idle})
	}
	print(rows, idle)
	return nil
}

// print writes the tables of docs/benchmarks.md.
func print(rows []row, idle standing) {
	fmt.Println("| request | bare syncs /s | 1 connection: /s (target) | p99 ms | server CPU µs | 16 connections: /s (target) | p99 ms (read: < 8) | server CPU µs | generator CPU µs | stolen, 1 and 16 |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|")
	for _, r := range rows {
		fmt.Printf("| %s | %.0f | %s | %.1f | %.0f | %s | %.1f | %.0f | %.0f | %.0f %%, %.0f %% |\n",
			r.Name, r.One.Syncs, r.One.beside(), r.One.P99, r.One.CPU, r.Many.beside(), r.Many.P99, r.Many.CPU, r.Many.Own, r.One.Stolen, r.Many.Stolen)
	}
	if idle.Subjects > 0 {
		fmt.Printf("\n| with %d subjects | | target |\n|---|---|---|\n", idle.Subjects)
		fmt.Printf("| start, from exec to ready | %.0f ms | < 50 ms |\n", idle.Start)
		fmt.Printf("| resident memory, idle | %.0f MB (%.0f MB without the program file's pages) | < 50 MB |\n", idle.RSS, idle.Anon)
	}
}

// beside prints a rate with its target.
func (f figure) beside() string {
	if f.Target == 0 {
		return fmt.Sprintf("%.0f", f.Rate)
	}
	return fmt.Sprintf("%.0f (≥ %d)", f.Rate, f.Target)
}
