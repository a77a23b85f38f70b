// Command embed uses avow as a library, in one process: a small program that
// registers somebody, asks before it uses their address, and obeys the answer.
//
//	go run ./examples/embed
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func main() {
	dir, err := os.MkdirTemp("", "avow-embed")
	if err == nil {
		defer os.RemoveAll(dir)
		err = run(context.Background(), dir, os.Stdout)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// run plays the story in a directory of its own.
func run(ctx context.Context, dir string, out io.Writer) error {
	src, err := policies.Files.ReadFile("goscom-pro.yaml") // your own policy file here
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "goscom-pro.yaml"), src, 0o600); err != nil {
		return err
	}
	config := filepath.Join(dir, "avow.yaml")
	if err := os.WriteFile(config, []byte("platforms: [{id: goscom-pro, policy: goscom-pro.yaml}]\n"), 0o600); err != nil {
		return err
	}
	c, err := avow.ReadConfig(config)
	if err != nil {
		return err
	}
	server, err := avow.Open(ctx, c, avow.Options{})
	if err != nil {
		return err
	}
	defer server.Close()
	p, err := server.Platform("goscom-pro")
	if err != nil {
		return err
	}
	id, refusals, err := p.Register(ctx, avow.Registration{
		Accepted: true, Adult: true, Verified: true, Point: "registration",
		Given: []policy.Given{{Item: "account.email", Value: "lin@example.org", Voluntary: true}},
	})
	if err != nil || len(refusals) > 0 {
		return fmt.Errorf("register: %v %v", refusals, err)
	}
	for _, purpose := range []string{"account", "push"} {
		answer, err := p.Use(ctx, avow.Use{Subject: id, Items: []string{"account.email"}, Purpose: purpose})
		if err != nil {
			return err
		}
		for _, v := range answer.Values {
			fmt.Fprintf(out, "%s: allowed, %s\n", purpose, v.Text.Reveal())
		}
		for _, why := range answer.Decision.Reasons {
			fmt.Fprintf(out, "%s: denied, %s (%s)\n", purpose, why.Text, why.Clause)
		}
	}
	return nil
}
