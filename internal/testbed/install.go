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

// A product is a database server that the tests need.
type product struct {
	name      string
	atLeast   version
	programs  []string // the last one tells its version
	versions  *regexp.Regexp
	folders   []string // in which systems keep its programs apart from PATH, as patterns
	debian    string   // Debian's packages
	elsewhere string   // lines that install it on other systems
}

// A version is its first two numbers.
type version struct{ major, minor int }

func (v version) String() string {
	if v.minor == 0 {
		return strconv.Itoa(v.major)
	}
	return fmt.Sprintf("%d.%d", v.major, v.minor)
}

func (v version) below(o version) bool {
	return v.major < o.major || v.major == o.major && v.minor < o.minor
}

// postgres is found where Debian, Red Hat and Homebrew put it.
func postgres() product {
	return product{
		name: "PostgreSQL", atLeast: version{15, 0}, programs: []string{"initdb", "postgres"},
		versions: regexp.MustCompile(`\(PostgreSQL\) (\d+)()`),
		folders: []string{
			"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
			"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
		},
		debian:    "postgresql",
		elsewhere: "\tbrew install postgresql@17          # macOS\n\tsudo dnf install postgresql-server  # Fedora\n",
	}
}

// mariadb has its server in another folder than its tools on Debian: install-db
// is looked for in PATH.
func mariadb() product {
	return product{
		name: "MariaDB", atLeast: version{10, 6}, programs: []string{"mariadbd"},
		versions:  regexp.MustCompile(`(\d+)\.(\d+)\.\d+-MariaDB`),
		folders:   []string{"/usr/sbin", "/usr/libexec", "/opt/homebrew/opt/mariadb*/bin", "/usr/local/opt/mariadb*/bin"},
		debian:    "mariadb-server-core mariadb-client-core",
		elsewhere: "\tbrew install mariadb             # macOS\n\tsudo dnf install mariadb-server  # Fedora\n",
	}
}

func (p product) aptLine() string {
	return "apt-get update && apt-get install -y --no-install-recommends " + p.debian
}

// ensure returns the folder of the product's programs and installs them first
// where it may.
func (p product) ensure(ctx context.Context, log io.Writer) (string, error) {
	if bin := p.find(ctx, p.candidates()); bin != "" {
		return bin, nil
	}
	_, noDebian := os.Stat("/etc/debian_version")
	may, advice := p.remedy(os.Geteuid() == 0, noDebian == nil)
	if !may {
		return "", errors.New(advice)
	}
	fmt.Fprintln(log, "testbed: "+p.name+" is missing; installing Debian's: "+p.aptLine())
	cmd := exec.CommandContext(ctx, "sh", "-c", p.aptLine())
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s could not be installed (%w); %s", p.name, err, advice)
	}
	if bin := p.find(ctx, p.candidates()); bin != "" {
		return bin, nil
	}
	return "", fmt.Errorf("this system's %s is older than %s; install %s or newer", p.name, p.atLeast, p.atLeast)
}

// remedy says whether we may install the product ourselves, and what a person
// does who must.
func (p product) remedy(root, debian bool) (may bool, advice string) {
	switch {
	case root && debian:
		return true, "as root: " + p.aptLine()
	case debian:
		return false, fmt.Sprintf("the tests need %s %s or newer; install it and run again:\n\n\tsudo sh -c '%s'\n", p.name, p.atLeast, p.aptLine())
	default:
		return false, fmt.Sprintf("the tests need %s %s or newer (%s); install it and run again:\n\n%s", p.name, p.atLeast, strings.Join(p.programs, ", "), p.elsewhere)
	}
}

// candidates lists folders that may hold the product's programs.
func (p product) candidates() []string {
	var dirs []string
	for _, pattern := range p.folders {
		found, _ := filepath.Glob(pattern) // the patterns are well formed
		dirs = append(dirs, found...)
	}
	return append(dirs, filepath.SplitList(os.Getenv("PATH"))...)
}

// find returns the folder with the newest product that is new enough, "" where
// there is none.
func (p product) find(ctx context.Context, dirs []string) string {
	best, folder := version{}, ""
	for _, dir := range dirs {
		complete := true
		for _, name := range p.programs {
			_, err := exec.LookPath(filepath.Join(dir, name))
			complete = complete && err == nil
		}
		if !complete {
			continue
		}
		out, err := exec.CommandContext(ctx, filepath.Join(dir, p.programs[len(p.programs)-1]), "--version").Output()
		if err != nil {
			continue
		}
		if v := p.versionOf(string(out)); best.below(v) && !v.below(p.atLeast) {
			best, folder = v, dir
		}
	}
	return folder
}

// versionOf reads "postgres (PostgreSQL) 15.14 (Debian …)"; zero where it is
// something else.
func (p product) versionOf(line string) (v version) {
	m := p.versions.FindStringSubmatch(line)
	if m == nil {
		return v
	}
	v.major, _ = strconv.Atoi(m[1]) // digits, by the pattern
	v.minor, _ = strconv.Atoi("0" + m[2])
	return v
}
