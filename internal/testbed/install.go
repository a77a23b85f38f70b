//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

const (
	oldest  = 15 // major version of PostgreSQL that avow supports
	aptLine = "apt-get update && apt-get install -y --no-install-recommends postgresql"
)

// whereServers are the folders in which systems keep PostgreSQL's programs
// apart from PATH: Debian, Red Hat, Homebrew on both kinds of Mac.
func whereServers() []string {
	return []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
	}
}

// ensurePostgres returns the folder of PostgreSQL's programs and installs them
// first where it may.
func ensurePostgres(ctx context.Context, log io.Writer) (string, error) {
	if bin := findPostgres(ctx, candidates()); bin != "" {
		return bin, nil
	}
	_, noDebian := os.Stat("/etc/debian_version")
	may, advice := remedy(os.Geteuid() == 0, noDebian == nil)
	if !may {
		return "", errors.New(advice)
	}
	fmt.Fprintln(log, "testbed: PostgreSQL is missing; installing Debian's: "+aptLine)
	cmd := exec.CommandContext(ctx, "sh", "-c", aptLine)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("PostgreSQL could not be installed (%w); %s", err, advice)
	}
	if bin := findPostgres(ctx, candidates()); bin != "" {
		return bin, nil
	}
	return "", fmt.Errorf("this system's PostgreSQL is older than %d; install %d or newer", oldest, oldest)
}

// remedy says whether we may install PostgreSQL ourselves, and what a person
// does who must.
func remedy(root, debian bool) (may bool, advice string) {
	switch {
	case root && debian:
		return true, "as root: " + aptLine
	case debian:
		return false, fmt.Sprintf("the tests need PostgreSQL %d or newer; install it and run again:\n\n\tsudo sh -c '%s'\n", oldest, aptLine)
	default:
		return false, fmt.Sprintf("the tests need PostgreSQL %d or newer (initdb, postgres); install it and run again:\n\n"+
			"\tbrew install postgresql@17          # macOS\n\tsudo dnf install postgresql-server  # Fedora\n", oldest)
	}
}

// candidates lists folders that may hold PostgreSQL's programs.
func candidates() []string {
	var dirs []string
	for _, pattern := range whereServers() {
		found, _ := filepath.Glob(pattern) // the patterns are well formed
		dirs = append(dirs, found...)
	}
	return append(dirs, filepath.SplitList(os.Getenv("PATH"))...)
}

// findPostgres returns the folder with the newest PostgreSQL that is new
// enough, "" where there is none.
func findPostgres(ctx context.Context, dirs []string) string {
	best, folder := oldest-1, ""
	for _, dir := range dirs {
		if _, err := exec.LookPath(filepath.Join(dir, "initdb")); err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
		if err != nil {
			continue
		}
		if v := majorVersion(string(out)); v > best {
			best, folder = v, dir
		}
	}
	return folder
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// majorVersion reads "postgres (PostgreSQL) 15.14 (Debian …)"; 0 where it is
// something else.
func majorVersion(line string) int {
	m := versionLine.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return 0
	}
	v, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return v
}
