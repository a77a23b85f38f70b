//go:build unix

package main

import (
	"bufio"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary stand in for the command, so that signals and
// exit codes are tried on a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("TESTBED_AS_COMMAND") != "" {
		os.Unsetenv("TESTBED_AS_COMMAND")
		main()
	}
	os.Exit(m.Run())
}

// bed prepares testbed as a process, with a temporary directory of its own.
func bed(t *testing.T, args ...string) (cmd *exec.Cmd, tmp string) {
	t.Helper()
	tmp, err := os.MkdirTemp("", "tb") // not t.TempDir: the account postgres must be able to enter it
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	cmd = exec.Command(os.Args[0], append([]string{"--"}, args...)...)
	cmd.Env = append(os.Environ(), "TESTBED_AS_COMMAND=1", "TMPDIR="+tmp)
	cmd.Stderr = os.Stderr
	return cmd, tmp
}

// inTCP is the address in avow:password@tcp(127.0.0.1:3306)/.
var inTCP = regexp.MustCompile(`@tcp\((127\.0\.0\.1:[0-9]+)\)/$`)

func address(t *testing.T, dsn string) string {
	t.Helper()
	if m := inTCP.FindStringSubmatch(dsn); m != nil {
		return m[1]
	}
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" {
		t.Fatalf("not the address of a server: %q (%v)", dsn, err)
	}
	return u.Host
}

func listening(host string) bool {
	c, err := net.DialTimeout("tcp", host, time.Second)
	if err != nil {
		return false
	}
	c.Close()
	return true
}

func silent(host string) bool { return !listening(host) }

// nothingLeft fails when a server still listens or a file still lies about.
func nothingLeft(t *testing.T, tmp string, hosts ...string) {
	t.Helper()
	for _, h := range hosts {
		if listening(h) {
			t.Errorf("a server still listens on %s", h)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// The servers' directory is theirs alone, and who has given up root's rights, as parts of
// Chromium do, does not get through it.
func TestTemporaryFilesAreNotBehindTheServersDoor(t *testing.T) {
	_, tmp := bed(t)
	b, err := open(t.Context(), tmp, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.close)
	if filepath.Dir(b.temporary) != tmp {
		t.Errorf("temporary files lie in %s, the servers in %s", b.temporary, b.dir)
	}
	if info, err := os.Stat(b.temporary); err != nil || info.Mode().Perm() != 0o777 || info.Mode()&os.ModeSticky == 0 {
		t.Errorf("not everybody may write there: %v, %v", info, err)
	}
	b.close()
	nothingLeft(t, tmp)
}

// addresses is a script that prints what the command was handed.
const addresses = `echo "$AVOW_TEST_POSTGRES"; echo "$AVOW_TEST_POSTGRES_KEYS"; echo "$AVOW_TEST_MYSQL"; `

func TestTheCommandFindsThreeServersAndItsExitCodeIsKept(t *testing.T) {
	cmd, tmp := bed(t, "sh", "-c", addresses+`exit 7`)
	out, err := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); code != 7 {
		t.Fatalf("exit code %d (%v), want the command's 7", code, err)
	}
	lines := strings.Fields(string(out))
	if len(lines) != 3 {
		t.Fatalf("the command saw %q, want three addresses", out)
	}
	data, keys, shops := address(t, lines[0]), address(t, lines[1]), address(t, lines[2])
	if data == keys {
		t.Errorf("data and keys share the server %s", data)
	}
	nothingLeft(t, tmp, data, keys, shops)
}

// running starts testbed with a command that tells its addresses and waits.
func running(t *testing.T, script string) (cmd *exec.Cmd, tmp string, hosts []string) {
	t.Helper()
	cmd, tmp = bed(t, "sh", "-c", `trap "exit 9" INT TERM; `+addresses+script)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	for len(hosts) < 3 && lines.Scan() {
		hosts = append(hosts, address(t, lines.Text()))
	}
	if len(hosts) < 3 || slices.ContainsFunc(hosts, silent) {
		t.Fatalf("no three servers: %v (%v)", hosts, lines.Err())
	}
	return cmd, tmp, hosts
}

func TestASignalReachesTheCommandAndNothingIsLeft(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			// The grandchild shows that the signal is for the whole group.
			cmd, tmp, hosts := running(t, `sleep 300 & wait`)
			if err := cmd.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != 9 {
				t.Errorf("exit code %d, want the command's 9", code)
			}
			nothingLeft(t, tmp, hosts...)
		})
	}
}

func TestNobodyOutlivesAKilledTestbed(t *testing.T) {
	if !diesWithParent() {
		t.Skip("only Linux ends children of a killed process")
	}
	cmd, _, hosts := running(t, "exec sleep 5")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	gone := time.After(20 * time.Second)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for slices.ContainsFunc(hosts, listening) {
		select {
		case <-gone:
			t.Fatal("the servers outlived testbed")
		case <-look.C:
		}
	}
}

func diesWithParent() bool {
	var asked, none syscall.SysProcAttr
	dieWithParent(&asked)
	return !reflect.DeepEqual(asked, none)
}

func TestAPasswordIsAskedForOverTheLoopback(t *testing.T) {
	psql := filepath.Join(postgres().find(t.Context(), postgres().candidates()), "psql")
	if _, err := exec.LookPath(psql); err != nil {
		t.Fatalf("%v: psql comes with the server; on Debian, apt-get install postgresql-client", err)
	}
	cmd, _ := bed(t, "sh", "-c", psql+` -wAtc "select 1" "$AVOW_TEST_POSTGRES" && ! PGPASSWORD=wrong `+psql+
		` -wAtc "select 2" "$(echo "$AVOW_TEST_POSTGRES" | sed 's/:[A-Z0-9]*@/@/')"`)
	cmd.Stderr = nil
	if out, err := cmd.Output(); err != nil || strings.TrimSpace(string(out)) != "1" {
		t.Errorf("answers %q (%v), want only the one with the password", out, err)
	}
}

func TestWithoutACommandThereIsAnExample(t *testing.T) {
	var log strings.Builder
	if code := run(t.Context(), []string{"--"}, &log); code != 2 || !strings.Contains(log.String(), "go test ./...") {
		t.Errorf("code %d, %q", code, log.String())
	}
}

func TestTheRemedyNamesTheExactLine(t *testing.T) {
	for _, c := range []struct {
		root, debian, may bool
		line              string
	}{
		{true, true, true, "apt-get install -y --no-install-recommends postgresql"},
		{false, true, false, "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends postgresql'"},
		{true, false, false, "dnf install postgresql-server"},
		{false, false, false, "brew install postgresql"},
	} {
		may, advice := postgres().remedy(c.root, c.debian)
		if may != c.may || !strings.Contains(advice, c.line) {
			t.Errorf("root %v, Debian %v: %v, %q", c.root, c.debian, may, advice)
		}
	}
}

func TestAMissingMariaDBIsNamedWithItsPackages(t *testing.T) {
	may, advice := mariadb().remedy(false, true)
	if want := "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends mariadb-server-core mariadb-client-core'"; may || !strings.Contains(advice, "MariaDB 10.6") || !strings.Contains(advice, want) {
		t.Errorf("%v, %q", may, advice)
	}
	if got := mariadb().versionOf("mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)"); got != (version{10, 11}) {
		t.Errorf("version %v", got)
	}
	if old := (version{10, 5}); !old.below(mariadb().atLeast) || (version{11, 0}).below(mariadb().atLeast) {
		t.Error("10.5 is old, and 11.0 is not")
	}
}

func TestTheNewestServerIsFoundAndOldOnesAreNot(t *testing.T) {
	dirs := map[string]string{}
	for version, line := range map[string]string{
		"old": "postgres (PostgreSQL) 13.4", "mid": "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)",
		"new": "postgres (PostgreSQL) 17beta1", "odd": "something else 99",
	} {
		dir := t.TempDir()
		dirs[version] = dir
		for _, name := range []string{"initdb", "postgres"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho '"+line+"'\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := postgres().find(t.Context(), []string{dirs["old"], dirs["new"], dirs["mid"], dirs["odd"], "/nowhere"}); got != dirs["new"] {
		t.Errorf("found %q, want the newest, %q", got, dirs["new"])
	}
	if got := postgres().find(t.Context(), []string{dirs["old"], dirs["odd"]}); got != "" {
		t.Errorf("found %q, want nothing", got)
	}
}
