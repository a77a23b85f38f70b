package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/staff"
)

// An app is one run of the command line. A server runs one for each call that
// comes through its socket, so nothing here is the process's own.
type app struct {
	stdin    io.Reader
	stdout   io.Writer
	stderr   io.Writer
	dir      string // where relative paths of the caller count from
	terminal bool   // stderr is one: show progress

	config string // --config
	json   bool   // --json
	server *avow.Server
	remote bool             // server belongs to the process that runs us
	clock  func() time.Time // business time; nil: the engine's own. Scenarios move it.
	byHand bool             // the policy is published by this command, and not by opening

	passwords staff.Cost // of those that this command hashes; zero: the full cost
}

// The exit codes, as avow help exit-codes explains them.
const (
	exitOK       = 0
	exitInternal = 1
	exitUsage    = 2
	exitDenied   = 3
	exitNotFound = 4
	exitConflict = 5
	exitBusy     = 6
	exitFalse    = 7 // the answer is no: not verified, broken, differs
)

// These end a command whose answer has been printed already.
var (
	errNo     = errors.New("the answer is no")
	errDenied = errors.New("denied")
)

// run runs one command line and returns its exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.command()
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.forward(cmd, args) }
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	if a.server != nil && !a.remote {
		err = errors.Join(err, a.server.Close())
	}
	if err != nil && !errors.Is(err, errNo) && !errors.Is(err, errBroken) && !errors.Is(err, errDenied) && !isRemote(err) {
		fmt.Fprintln(a.stderr, "avow: "+explain(err))
	}
	return exitCode(err)
}

// explain returns what a person is told about an error.
func explain(err error) string {
	if fault.Of(err) == fault.Internal {
		return err.Error()
	}
	return fault.Message(err)
}

func exitCode(err error) int {
	if r, ok := errors.AsType[errRemote](err); ok {
		return r.code
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errNo):
		return exitFalse
	case errors.Is(err, errBroken):
		return exitInternal // scripts ask whether anything is wrong: 1
	case errors.Is(err, errDenied):
		return exitDenied
	}
	switch fault.Of(err) {
	case fault.Invalid:
		return exitUsage
	case fault.Denied:
		return exitDenied
	case fault.NotFound:
		return exitNotFound
	case fault.Conflict:
		return exitConflict
	case fault.Busy:
		return exitBusy
	}
	if _, ok := errors.AsType[*fault.Error](err); !ok && isUsage(err) {
		return exitUsage
	}
	return exitInternal
}

// isUsage recognises cobra's own errors, which have no type.
func isUsage(err error) bool {
	for _, s := range []string{"unknown command", "unknown flag", "unknown shorthand", "accepts ", "requires at least", "required flag", "invalid argument", "flag needs", "if any flags in the group", "at least one of the flags"} {
		if strings.Contains(err.Error(), s) {
			return true
		}
	}
	return false
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "avow",
		Short: "Make a privacy policy the program",
		Long: `avow makes a privacy policy the program: it keeps personal data sealed, lets
every use through only as the policy says, carries out what people ask for in
your own databases too, and proves it with a log that cannot lie.

Start with avow demo: a server full of made-up people.
For your own policy:

  avow policy lint my-policy.yaml
  avow platform add my-platform --policy my-policy.yaml
  avow connect test

While avow serve runs, every command is carried out by it, through a socket in
the data directory; otherwise the command opens the stores itself.`,
		SilenceUsage: true, SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&a.config, "config", "avow.yaml", "configuration file")
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print JSON for scripts")
	root.AddGroup(
		&cobra.Group{ID: "start", Title: "Start here:"},
		&cobra.Group{ID: "people", Title: "People and their data:"},
		&cobra.Group{ID: "promises", Title: "Requests and proof:"},
		&cobra.Group{ID: "operate", Title: "Operate:"},
	)
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("start", a.demoCommand(), a.policyCommand(), a.platformCommand(), a.connectCommand(), a.checkCommand(), a.siteCommand())
	add("people", a.subjectCommand(), a.collectCommand(), a.exchangeCommand(), a.permissionCommand(), a.leaveCommand(), a.useCommand(), a.correctCommand(), a.eraseCommand(), a.consentCommand(), a.suppressCommand(), a.recipientCommand(), a.parcelCommand(), a.registerCommand(), a.disclosureCommand(), a.cookieCommand(), a.linkCommand(), a.transferCommand())
	add("promises", a.caseCommand(), a.messageCommand(), a.incidentCommand(), a.requestCommand(), a.promisesCommand(), a.attestationCommand(), a.receiptCommand(), a.statisticsCommand(), a.auditCommand())
	add("operate", a.serveCommand(), a.backupCommand(), a.restoreCommand(), a.keysCommand(), a.retentionCommand(), a.staffCommand(), a.apikeyCommand(), a.versionCommand())
	root.AddCommand(exitCodes())
	return root
}

func exitCodes() *cobra.Command {
	return &cobra.Command{
		Use:   "exit-codes",
		Short: "What the exit codes mean",
		Long: `  0  done
  1  something failed inside avow: the text says what; report it if it is a bug;
     of avow promises: a promise is broken, and the text names it
  2  the call or a file cannot be accepted as it is: the text says what to change
  3  denied: the policy, or who you act as, does not allow it
  4  there is no such thing
  5  conflict: it has moved on, or belongs to somebody else; look again
  6  busy: try again later
  7  the answer is no: not verified, something is wrong, or it differs`,
	}
}

// open opens the server, or uses the one that runs this command.
func (a *app) open(ctx context.Context) (*avow.Server, error) {
	if a.server != nil {
		return a.server, nil
	}
	c, err := avow.ReadConfig(a.path(a.config))
	if err != nil {
		return nil, err
	}
	a.server, err = avow.Open(ctx, c, avow.Options{Clock: a.clock, AsPublished: a.byHand, Passwords: a.passwords})
	return a.server, err
}

// platform opens the platform that --platform names.
func (a *app) platform(cmd *cobra.Command) (*avow.Platform, error) {
	s, err := a.open(cmd.Context())
	if err != nil {
		return nil, err
	}
	id, _ := cmd.Flags().GetString("platform")
	return s.Platform(id)
}

// onPlatform adds the flag that platform reads.
func onPlatform(cmds ...*cobra.Command) {
	for _, c := range cmds {
		c.Flags().StringP("platform", "p", "", "platform (where there is more than one)")
	}
}

// path returns a file name of the caller as this process can open it.
func (a *app) path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(a.dir, name)
}

// print writes v as JSON with --json, and otherwise calls text.
func (a *app) print(v any, text func(w io.Writer)) error {
	if !a.json {
		w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
		text(w)
		return w.Flush()
	}
	e := json.NewEncoder(a.stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// usage returns an error about how a command was called.
func usage(format string, args ...any) error { return fault.New(fault.Invalid, format, args...) }

// group returns a command that only holds others.
func group(use, short, long string, sub ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Long: long}
	c.AddCommand(sub...)
	return c
}

// openHere opens the configuration of this app's own folder, for programs
// inside the program.
func (a *app) openHere(ctx context.Context) (*avow.Server, error) {
	c, err := avow.ReadConfig(a.path("avow.yaml"))
	if err != nil {
		return nil, err
	}
	return avow.Open(ctx, c, avow.Options{})
}
