//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
)

func main() {
	// The servers die with the thread that started them: see dieWithParent.
	runtime.LockOSThread()
	os.Exit(run(context.Background(), os.Args[1:], os.Stderr))
}

// run starts the clusters, runs the command behind "--" and cleans up. It
// returns the command's exit code, or 1 with a sentence on log where there was
// nothing to run it with.
func run(ctx context.Context, args []string, log io.Writer) int {
	in := ""
	if len(args) > 0 && args[0] == "-memory" {
		in, args = memory(), args[1:]
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(log, "testbed: name the command to run: go run ./internal/testbed -- go test ./...")
		return 2
	}
	ctx, stop := interrupted(ctx)
	defer stop()
	bed, err := open(ctx, in, log)
	if err != nil {
		fmt.Fprintf(log, "testbed: %v\n", err)
		return 1
	}
	defer bed.close()
	code, err := command(ctx, args, bed.environ())
	if err != nil {
		fmt.Fprintf(log, "testbed: %v\n", err)
		return 1
	}
	return code
}
