// Command avow runs a privacy policy: it keeps personal data sealed, decides
// every use by the policy, carries out what people ask for, and proves it.
//
// Run avow help for the commands.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.Getwd()
	if err != nil {
		io.WriteString(os.Stderr, "avow: the current folder cannot be found\n")
		os.Exit(1)
	}
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, dir: dir, terminal: isTerminal(os.Stderr)}
	os.Exit(a.run(ctx, os.Args[1:]))
}
