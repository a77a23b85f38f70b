package archtest

import (
	"slices"
	"strings"
	"testing"
)

// module is the path of this module.
const module = "github.com/avow-dev/avow"

// A row is packages that stand side by side: none imports another of its own
// row, and all import only rows below. A path that ends in /... stands for all
// below it. Some do not exist yet: their place is settled.
type row []string

// rows lists every package, lowest first.
func rows() []row {
	return []row{
		{"fault"}, // the kinds of error, for everybody
		{"internal/id", "internal/calendar", "internal/checkdigit", "internal/failpoint", "laws", "policies"}, // words of the code, data files
		{"internal/bench", "internal/bench/..."}, // what benchmarks draw, check and print; they themselves are tests
		{"internal/trace"},
		{"examples/shop"}, // a company's own database, which knows nothing of avow
		{"policy", "api"}, // pure: no I/O, no clock
		{"page", "client", "site", "internal/db", "internal/trace/otlp"},
		{"internal/seal", "internal/journal", "internal/job", "internal/db/loading"}, // machinery
		{"audit", "internal/archive"},
		{"subject", "consent", "disclosure", "recipient", "publication", "datamap", "attestation", "contact", "link", "succession", "message", "device", "cookie", "staff", "signin", "session", "idempotency"}, // ledgers
		{"gate"},
		{"vault", "connector"},   // the only hands on personal data
		{"connector/relational"}, // what the kinds for SQL share
		{
			"notice", "connector/vault", "connector/sqlite", "connector/postgres", "connector/mysql",
			"connector/mongo", "connector/s3", "connector/http", "connector/opendsr", "connector/manual",
		},
		{"plan", "parcel"},
		{"rights", "retention", "incident", "statistics"},
		{"promise"},
		{"platform"}, // the verbs of one platform, by name
		{"web"},
		{"web/console", "web/centre", "web/rest", "web/banner"},
		{"."},                   // the module's root: opens and wires everything
		{"internal/demo/store"}, // shops of the demo
		{"internal/demo"},       // people who do not exist, on a server that does
		{"cmd/avow", "cmd/avowbench", "internal/testbed", "internal/archtest", "internal/scenes", "examples/..."},
	}
}

// kits lists the packages that help tests, each with the package beside whose
// row it stands. Only tests and other kits import them.
func kits() map[string]string {
	return map[string]string{
		"internal/db/dbtest":      "internal/db",
		"internal/db/powerloss":   "internal/db",
		"gate/gatetest":           "gate",
		"connector/connectortest": "connector",
		"internal/world":          "cmd/avow",
		"internal/browser":        "fault",
		"web/webtest":             "web",
	}
}

func TestImportsPointDown(t *testing.T) { report(t, imports(repository(t))) }

// rowOf returns the place of a package, and -1 where it has none.
func rowOf(path string) int {
	if beside, ok := kits()[path]; ok {
		path = beside
	}
	return slices.IndexFunc(rows(), func(r row) bool {
		return slices.ContainsFunc(r, func(entry string) bool {
			above, all := strings.CutSuffix(entry, "/...")
			return entry == path || all && strings.HasPrefix(path, above+"/")
		})
	})
}

func imports(tr *tree) (faults faults) {
	for _, p := range tr.packages {
		from := rowOf(p.path)
		_, kit := kits()[p.path]
		if from < 0 {
			faults.add("package %s stands in no row: give it one in internal/archtest/rows_test.go, above all it imports, and a word in docs/architecture.md", p.path)
			continue
		}
		for _, im := range p.imports() {
			to, ours := inModule(im.path)
			if !ours {
				continue
			}
			_, toKit := kits()[to]
			switch at := rowOf(to); {
			case toKit && !kit:
				faults.add("%s: package %s imports %s, which is for tests: import it from _test.go files only", im.at, p.path, to)
			case at > from, at == from && !kit:
				faults.add("%s: package %s imports %s, which does not stand below it: move what is needed down a row, or hand it in from above", im.at, p.path, to)
			}
		}
	}
	return faults
}

// inModule returns the path of an import inside the module.
func inModule(path string) (string, bool) {
	if path == module {
		return ".", true
	}
	return strings.CutPrefix(path, module+"/")
}

func TestARowIsFoundForEveryKindOfEntry(t *testing.T) {
	if rowOf("examples/embed") != rowOf("cmd/avow") || rowOf("examples") >= 0 {
		t.Error("examples/... is not what is below examples")
	}
	if rowOf("gate/gatetest") != rowOf("gate") || rowOf("gate/other") >= 0 {
		t.Error("a kit does not stand beside its package")
	}
	seen := map[string]bool{}
	for _, r := range rows() {
		for _, p := range r {
			if seen[p] {
				t.Errorf("%s stands in two rows: leave one", p)
			}
			seen[p] = true
		}
	}
}
