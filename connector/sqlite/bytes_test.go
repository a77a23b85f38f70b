package sqlite_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/connector/connectortest"
	"github.com/avow-dev/avow/datamap"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/gate/gatetest"
)

// filled makes a shop in a file of this journal mode.
func filled(t *testing.T, mode string) (*file, *datamap.Map, []shop.Customer) {
	t.Helper()
	f := fresh(t).(*file)
	if got := f.Rows(t, "PRAGMA journal_mode = "+mode); got[0] != mode {
		t.Fatalf("journal mode %v", got)
	}
	f.Load(t, shop.Schema("sqlite"))
	m, err := datamap.Parse("shop.yaml", shop.Map("sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	var list []shop.Customer
	f.Fill(t, func(exec func(string, ...any) error) error {
		list, err = shop.Fill(200, exec)
		return err
	})
	return f, m, list
}

// left counts values of a customer in the bytes of the file and its logs.
func left(t *testing.T, f *file, c shop.Customer) int {
	t.Helper()
	var all []byte
	for _, suffix := range []string{"", "-wal", "-journal"} {
		b, err := os.ReadFile(f.path + suffix)
		if err == nil {
			all = append(all, bytes.ToLower(b)...)
		}
	}
	n := 0
	for _, v := range append(c.Values, c.Email) {
		if kept := strings.Join(c.Kept, "\n"); !strings.Contains(kept, v) && bytes.Contains(all, []byte(strings.ToLower(v))) {
			n++
		}
	}
	return n
}

func TestNoByteOfWhatIsErasedIsLeftInTheFile(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run(mode, func(t *testing.T) {
			f, m, list := filled(t, mode)
			c := list[100]
			if left(t, f, c) < 5 {
				t.Fatal("the values should be in the file before")
			}
			p := connectortest.Start(t, f, m, connectortest.Subject("s-1", "email", c.Email))
			p.Find()
			out := p.Erase()
			if n := left(t, f, c); n != 0 {
				t.Errorf("%d values are left in the bytes of the file", n)
			}
			if mode == "wal" && len(out.Notes) != 0 {
				t.Errorf("notes: %v", out.Notes)
			}
			if mode == "delete" && (len(out.Notes) != 1 || !strings.Contains(out.Notes[0], "rollback journal")) {
				t.Errorf("notes: %v", out.Notes)
			}
		})
	}
}

func TestWithoutVacuumTheOutcomeSaysWhatMayBeLeft(t *testing.T) {
	f, m, list := filled(t, "wal")
	m.Vacuum = false
	p := connectortest.Start(t, f, m, connectortest.Subject("s-1", "email", list[100].Email))
	p.Find()
	if out := p.Erase(); len(out.Notes) != 1 || !strings.Contains(out.Notes[0], "VACUUM") {
		t.Errorf("notes: %v", out.Notes)
	}
}

func TestAReaderThatKeepsTheLogIsReported(t *testing.T) {
	f, m, list := filled(t, "wal")
	reader := f.conn(t)
	if err := reader.Exec("BEGIN; SELECT count(*) FROM customers"); err != nil {
		t.Fatal(err)
	}
	p := connectortest.Start(t, f, m, connectortest.Subject("s-1", "email", list[0].Email))
	p.Find()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	out, err := p.Sys.Erase(ctx, p.Warrant(gate.Erase), p.Sub, p.Survey.Targets())
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Notes) != 1 || !strings.Contains(out.Notes[0], "another process was reading") {
		t.Errorf("notes: %v", out.Notes)
	}
}

func TestAFileThatIsLockedOrAbsentIsBusy(t *testing.T) {
	f, m, list := filled(t, "delete")
	writer := f.conn(t)
	if err := writer.Exec("BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	s := f.Open(t, m, nil)
	sub := connectortest.Subject("s-1", "email", list[0].Email)
	w := gatetest.Warrant(t, s.Name(), gate.Survey, sub.ID)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := s.Survey(ctx, w, sub); fault.Of(err) != fault.Busy {
		t.Errorf("locked: %v", err)
	}
	gone := &file{f.path + "-absent"}
	if _, err := gone.Open(t, m, nil).Check(t.Context()); fault.Of(err) != fault.Busy {
		t.Errorf("absent: %v", err)
	}
	if _, err := os.Stat(gone.path); err == nil {
		t.Error("a file was made")
	}
}

func BenchmarkShop(b *testing.B) {
	f := fresh(b).(*file)
	f.Load(b, shop.Schema("sqlite"))
	m, err := datamap.Parse("shop.yaml", shop.Map("sqlite"))
	if err != nil {
		b.Fatal(err)
	}
	var list []shop.Customer
	f.Fill(b, func(exec func(string, ...any) error) error {
		list, err = shop.Fill(10_000, exec)
		return err
	})
	p := connectortest.Start(b, f, m, connectortest.Subject("s-1", "email", list[500].Email))
	b.Run("survey", func(b *testing.B) {
		for b.Loop() {
			p.Find()
		}
	})
	b.Run("verify", func(b *testing.B) {
		p.Find()
		p.Show()
		var found *connector.Findings
		for b.Loop() {
			found = p.Verify()
		}
		b.ReportMetric(float64(found.Rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}
