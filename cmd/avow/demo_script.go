package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policies"
)

// storyCommand plays the main story in the terminal. It is the demo's script, and
// a test of every command in it.
func (a *app) storyCommand() *cobra.Command {
	var d story
	c := here(&cobra.Command{
		Use:   "story",
		Short: "Play the main story in the terminal, command by command",
		Long: `story makes a platform with GOSCOM Pro's policy and a web shop's database beside
it, fills both with synthetic people, and plays the main story with the commands
you would use: a use allowed, a use denied, a withdrawal, an access request, an
erasure in both stores with its receipt. It prints every command before it runs
it, and fails when something does not come out as it should.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d.app = a
			return d.play(cmd.Context())
		},
	})
	f := c.Flags()
	f.StringVar(&d.dir, "data", "", "folder to play in; it is kept (a temporary one, taken away after, when left out)")
	f.IntVar(&d.people, "people", 1000, "how many people")
	f.StringVar(&d.postgres, "postgres", "", "connection string: play on this PostgreSQL cluster, with the shop in it too")
	f.StringVar(&d.postgresKeys, "postgres-keys", "", "connection string of the cluster for keys")
	return c
}

// A story is one performance.
type story struct {
	app                    *app
	dir                    string
	people                 int
	postgres, postgresKeys string
	shop                   []shop.Customer
	lin                    shop.Customer // whom the story follows
}

func (d *story) play(ctx context.Context) (err error) {
	if d.dir == "" {
		if d.dir, err = os.MkdirTemp("", "avow-story-"); err != nil {
			return err
		}
		defer os.RemoveAll(d.dir)
	}
	d.dir = d.app.path(d.dir)
	for _, scene := range []func(context.Context) error{
		d.stage, d.crowd, d.uses, d.withdrawal, d.access, d.erasure, d.proof, d.tampering,
	} {
		if err := scene(ctx); err != nil {
			return err
		}
	}
	d.say("That was the whole story. Every command above is yours to use: avow help.")
	return nil
}

func (d *story) say(format string, args ...any) {
	fmt.Fprintf(d.app.stdout, "\n# "+format+"\n", args...)
}

// run prints and runs one command line and returns what it printed. code is
// the exit code it must have.
func (d *story) run(ctx context.Context, code int, args ...string) (string, error) {
	fmt.Fprintf(d.app.stdout, "$ avow %s\n", quoted(args))
	var out bytes.Buffer
	got := d.child(io.MultiWriter(&out, indented{d.app.stdout, new(bool)}), args).run(ctx, args)
	if got != code {
		return "", fault.New(fault.Internal, "the demo expected exit code %d here and got %d", code, got)
	}
	return strings.TrimSpace(out.String()), nil
}

// quiet runs a command whose output the story does not show.
func (d *story) quiet(ctx context.Context, args ...string) (string, error) {
	var out bytes.Buffer
	if code := d.child(&out, args).run(ctx, args); code != exitOK {
		return "", fault.New(fault.Internal, "avow %s ended with code %d: %s", args[0], code, out.String())
	}
	return strings.TrimSpace(out.String()), nil
}

func (d *story) child(out io.Writer, _ []string) *app {
	return &app{stdin: strings.NewReader("demo password 4711\n"), stdout: out, stderr: out, dir: d.dir, terminal: false}
}

// indented writes lines under the command that printed them.
type indented struct {
	w     io.Writer
	begun *bool
}

func (i indented) Write(p []byte) (int, error) {
	var b bytes.Buffer
	for _, c := range p {
		if !*i.begun {
			b.WriteString("  ")
			*i.begun = true
		}
		b.WriteByte(c)
		if c == '\n' {
			*i.begun = false
		}
	}
	_, err := i.w.Write(b.Bytes())
	return len(p), err
}

func quoted(args []string) string {
	out := make([]string, len(args))
	for i, s := range args {
		if strings.ContainsAny(s, " '\"$*?") {
			s = "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
		}
		out[i] = s
	}
	return strings.Join(out, " ")
}

// stage makes policy, shop and configuration.
func (d *story) stage(ctx context.Context) error {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(d.dir, "avow.yaml")); err == nil {
		return fault.New(fault.Conflict, "%s has been played in already: name another folder, or remove it", d.dir)
	}
	pack, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		return err
	}
	kind, dataMap := "sqlite", shop.Map("sqlite")
	if d.postgres != "" {
		kind, dataMap = "postgres", shop.MapIn(shop.DemoSchema)
	}
	for name, b := range map[string][]byte{"goscom-pro.yaml": pack, "shop.yaml": dataMap} {
		if err := os.WriteFile(filepath.Join(d.dir, name), b, 0o600); err != nil {
			return err
		}
	}
	d.say("A web shop has %d customers in its own database (%s): customers, addresses, orders, lines, payments, messages.", d.people, kind)
	if kind == "sqlite" {
		d.shop, err = shop.CreateSQLite(ctx, filepath.Join(d.dir, "shop.db"), d.people)
	} else {
		d.shop, err = shop.CreatePostgres(ctx, d.postgres, d.people)
	}
	if err != nil {
		return err
	}
	d.lin = d.shop[len(d.shop)/2]
	d.say("The same company runs the GOSCOM Pro app. Its privacy policy, as data, is checked and becomes a platform.")
	if _, err := d.run(ctx, exitOK, "policy", "compile", "goscom-pro.yaml"); err != nil {
		return err
	}
	add := []string{"platform", "add", "goscom-pro", "--policy", "goscom-pro.yaml", "--system", "sqlite,shop.yaml,shop.db"}
	if kind == "postgres" {
		if err := d.onPostgres(); err != nil {
			return err
		}
		add[len(add)-1] = "postgres,shop.yaml,shop.dsn"
	}
	if _, err := d.run(ctx, exitOK, add...); err != nil {
		return err
	}
	if _, err := d.run(ctx, exitOK, "connect", "test"); err != nil {
		return err
	}
	d.say("Two people of the company will work on requests: one may plan, another has to approve.")
	for login, role := range map[string]string{"mei": "support", "jun": "privacy-officer"} {
		if _, err := d.quiet(ctx, "staff", "add", login, "--name", login, "--role", "goscom-pro:"+role, "--password", "-"); err != nil {
			return err
		}
	}
	_, err = d.run(ctx, exitOK, "staff", "list")
	return err
}

// onPostgres writes the configuration of the two clusters.
func (d *story) onPostgres() error {
	files := map[string]string{
		"data.dsn": d.postgres, "keys.dsn": d.postgresKeys, "shop.dsn": shop.SchemaDSN(d.postgres),
		"avow.yaml": "postgresql: {data_file: data.dsn, keys_file: keys.dsn}\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
