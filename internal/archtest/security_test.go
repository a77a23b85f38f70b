package archtest

import (
	"go/ast"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every file that can open a connection, or start a process, is one of these: what
// the server talks to is written down in docs/security.md, and none of it comes out
// of a request.
func TestOnlyTheseFilesReachOut(t *testing.T) {
	known := []string{
		"client/client.go",               // a program's own calls to avow
		"cmd/avow/socket.go",             // the command line to its server, by a socket in the data directory
		"connector/postgres/postgres.go", // an outside system of the configuration
		"internal/db/postgres_open.go",   // the clusters of the configuration
		"internal/trace/otlp/otlp.go",    // the collector of the configuration
		"notice/smtp.go",                 // the mail server of the configuration
		"link/prober.go",                 // public addresses of others' own policies, where the configuration says so
		"site/fetch.go",                  // the site that an operator names on the command line, at public addresses alone
	}
	tr := repository(t)
	report(t, reaching(tr, known))
	all := strings.Join(reaching(tr, nil), "\n")
	for _, file := range known {
		if !strings.Contains(all, file+":") {
			t.Errorf("%s reaches out no more: take it out of the list", file)
		}
	}
}

func reaching(tr *tree, known []string) (faults faults) {
	calls := map[string][]string{
		"net":                             {"Dial", "DialTimeout", "Dialer", "DialTCP", "DialUDP", "DialUnix", "DialIP"},
		"crypto/tls":                      {"Dial", "DialWithDialer", "Dialer"},
		"net/http":                        {"Get", "Post", "PostForm", "Head", "Client", "DefaultClient", "Transport", "DefaultTransport"},
		"net/http/httputil":               {"ReverseProxy", "NewSingleHostReverseProxy"},
		"net/smtp":                        {"Dial", "SendMail"},
		"os/exec":                         {"Command", "CommandContext"},
		"os":                              {"StartProcess"},
		"github.com/jackc/pgx/v5":         {"Connect", "ConnectConfig"},
		"github.com/jackc/pgx/v5/pgconn":  {"Connect", "ConnectConfig"},
		"github.com/jackc/pgx/v5/pgxpool": {"New", "NewWithConfig"},
		"github.com/wneessen/go-mail":     {"NewClient"},
	}
	for _, p := range tr.packages {
		if kits()[p.path] != "" || strings.HasPrefix(p.path, "examples/") || slices.Contains([]string{"internal/testbed", "internal/scenes", "cmd/avowbench"}, p.path) || strings.HasPrefix(p.path, "internal/bench") {
			continue // programs and helpers of tests
		}
		for _, f := range p.files {
			if strings.HasSuffix(f.path, "_test.go") || slices.Contains(known, f.path) {
				continue
			}
			ast.Inspect(f.ast, func(n ast.Node) bool {
				e, ok := n.(ast.Expr)
				if !ok {
					return true
				}
				if from, name := f.qualified(e); slices.Contains(calls[from], name) {
					faults.add("%s: %s.%s can reach out: what the server talks to stands in docs/security.md and in this test", f.at(n), from, name)
				}
				return true
			})
		}
	}
	return faults
}

// Every test that the walk through the requirements names is there.
func TestEveryTestThatSecurityNamesIsThere(t *testing.T) {
	tr := repository(t)
	var sources strings.Builder
	err := fs.WalkDir(tr.fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != "." || d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, "_test.go") {
			b, err := fs.ReadFile(tr.fsys, path)
			sources.Write(b)
			return err
		}
		return nil
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	all := sources.String()
	n := 0
	for _, file := range []string{"docs/security.md", "docs/threat-model.md", "docs/operations.md"} {
		text, err := fs.ReadFile(tr.fsys, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`").FindAllStringSubmatch(string(text), -1) {
			if n++; !strings.Contains(all, "func "+name[1]+"(") {
				t.Errorf("%s names %s, which is nowhere", file, name[1])
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d tests are named", n)
	}
}
