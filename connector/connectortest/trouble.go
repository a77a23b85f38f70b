package connectortest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/gate/gatetest"
)

func warrants(t *testing.T, s *store) {
	r := s.run(t, s.list[0])
	r.Find()
	before := s.db.Text(t)
	ctx := t.Context()
	calls := map[gate.Action]func(w gate.Warrant) error{
		gate.Survey: func(w gate.Warrant) error { _, err := r.Sys.Survey(ctx, w, r.Sub); return err },
		gate.Export: func(w gate.Warrant) error {
			return r.Sys.Export(ctx, w, r.Sub, r.Survey, func(connector.Row) error { t.Error("a row left without a warrant"); return nil })
		},
		gate.Erase: func(w gate.Warrant) error {
			_, err := r.Sys.Erase(ctx, w, r.Sub, r.Survey.Targets())
			return err
		},
		gate.Verify: func(w gate.Warrant) error { _, err := r.Sys.Verify(ctx, w, r.Sub, nil, nil); return err },
	}
	for action, call := range calls {
		wrong := gate.Survey
		if action == gate.Survey {
			wrong = gate.Erase
		}
		for what, w := range map[string]gate.Warrant{
			"the zero warrant":          {},
			"one for another action":    gatetest.Warrant(t, r.Sys.Name(), wrong, r.Sub.ID),
			"one for another system":    gatetest.Warrant(t, "another", action, r.Sub.ID),
			"one for another person":    gatetest.Warrant(t, r.Sys.Name(), action, "subject-x"),
			"one for a nameless person": gatetest.Warrant(t, r.Sys.Name(), action, ""),
		} {
			if err := call(w); fault.Of(err) != fault.Denied {
				t.Errorf("%s with %s: %v", action, what, err)
			}
		}
	}
	if !slices.Equal(before, s.db.Text(t)) {
		t.Error("something changed")
	}
}

func interrupted(t *testing.T, s *store) {
	c := s.list[3]
	plain := s.run(t, c)
	plain.Find()
	plain.Show()
	before := s.db.Text(t)
	for stop := 1; ; stop++ {
		if stop > 200 {
			t.Fatal("the erasure never ends")
		}
		ctx, cancel := context.WithCancel(t.Context())
		steps := 0
		sys := s.db.Open(t, s.m, func(p connector.Progress) {
			if steps++; steps == stop && p.Step == "erase" {
				cancel()
			}
		})
		_, err := sys.Erase(ctx, plain.Warrant(gate.Erase), plain.Sub, plain.Survey.Targets())
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped at step %d: %v", stop, err)
		}
		if !slices.Equal(before, s.db.Text(t)) {
			t.Fatalf("stopped at step %d, and something was done", stop)
		}
	}
	if f := plain.Verify(); f.Residue() != 0 {
		t.Errorf("residue: %v", places(f))
	}
}

// taken gives an address to somebody else after the erasure began to look for it.
func taken(t *testing.T, s *store) {
	c, o := s.list[10], s.list[11]
	r := s.run(t, c)
	r.Find()
	address := r.Keys("addresses", connector.Delete)[0]
	var moved []string
	sys := s.db.Open(t, s.m, func(p connector.Progress) {
		if p.Step == "erase" && moved == nil {
			s.db.Fill(t, func(exec func(string, ...any) error) error {
				return exec("UPDATE addresses SET customer_id = $1 WHERE id = "+address, o.ID)
			})
			moved = s.db.Text(t)
		}
	})
	_, err := sys.Erase(t.Context(), r.Warrant(gate.Erase), r.Sub, r.Survey.Targets())
	if fault.Of(err) != fault.Busy || !strings.Contains(err.Error(), "try again") {
		t.Errorf("want an erasure that asks to be tried again, got %v", err)
	}
	if !slices.Equal(moved, s.db.Text(t)) {
		t.Error("something was done")
	}
	if out := r.Erase(); out.Collections == nil || len(s.db.Rows(t, "SELECT id FROM addresses WHERE id = "+address)) != 1 {
		t.Error("tried again, it took the address of somebody else")
	}
}

func drift(t *testing.T, s *store) {
	c, o := s.list[10], s.list[11]
	r := s.run(t, c)
	planned := r.Find()
	r.Show()
	address := r.Keys("addresses", connector.Delete)[0]
	s.db.Fill(t, func(exec func(string, ...any) error) error {
		return errors.Join(
			exec("INSERT INTO orders (id, customer_id, placed_at, recipient, total) VALUES ($1, $2, $3, $4, $5)", int64(900001), c.ID, "2026-11-01 10:00:00", "x", int64(1)),
			exec("UPDATE addresses SET customer_id = $1 WHERE id = "+address, o.ID),
		)
	})
	now := r.Find()
	want := []connector.Difference{{Collection: "addresses", Action: connector.Delete, Gone: 1}, {Collection: "orders", Action: connector.Keep, Added: 1}}
	got := slices.DeleteFunc(connector.Compare(planned, now), func(d connector.Difference) bool { return d.Action == connector.Detach })
	if !slices.Equal(got, want) {
		t.Errorf("the surveys differ by %v, want %v", got, want)
	}
	r.Survey = planned
	out := r.Erase()
	for _, d := range out.Collections {
		if d.Collection == "addresses" && d.Moved != 1 {
			t.Errorf("the address that is somebody else's now: moved %d", d.Moved)
		}
	}
	if len(s.db.Rows(t, "SELECT id FROM addresses WHERE id = "+address)) != 1 {
		t.Error("the address of somebody else was deleted")
	}
	if !slices.Equal(out.Unplanned, []connector.Count{{Collection: "orders", Rows: 1}}) {
		t.Errorf("unplanned: %v", out.Unplanned)
	}
}

func unmentioned(t *testing.T, s *store) {
	r := s.run(t, s.list[0])
	s.db.Load(t, "CREATE TABLE complaints (id BIGINT PRIMARY KEY, order_id BIGINT REFERENCES orders (id), body TEXT)")
	r.Refused(fault.Invalid, "complaints is reached by complaints.order_id → orders.id", "complaints: none")
	s.db.Load(t, "DROP TABLE complaints; CREATE TABLE tips (id BIGINT PRIMARY KEY, address_id BIGINT REFERENCES addresses (id), door TEXT)")
	r.Refused(fault.Invalid, "tips is reached by tips.address_id → addresses.id")
	s.db.Load(t, "DROP TABLE tips; ALTER TABLE customers ADD COLUMN birthday TEXT")
	r.Refused(fault.Invalid, "does not say what birthday hold")
	if _, err := r.Sys.Erase(t.Context(), r.Warrant(gate.Erase), r.Sub, nil); fault.Of(err) != fault.Invalid {
		t.Errorf("an erasure under a map that does not fit: %v", err)
	}
}
