package audit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/policy"
)

func TestTheFirstEntryAnnouncesTheKeyThatSigns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if n := w.sequence(); n != 1 {
			t.Fatalf("%d entries placed, want 1", n)
		}
		r := w.check()
		if diff := cmp.Diff([]string{w.Key()}, r.Keys); diff != "" {
			t.Error(diff)
		}
		c := w.checkpoint()
		if c.Origin != "avow/shop" || c.Size != 1 || c.Root != r.Root {
			t.Errorf("checkpoint %+v", c)
		}
	})
}

func TestAnEntryIsReadBackAsItWasWritten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.append(used(4))
		w.sequence()
		err := w.data.Read(t.Context(), func(r *db.Snapshot) error {
			got, err := w.Entry(t.Context(), r, id)
			if err != nil {
				return err
			}
			want := Record{
				ID: id, Seq: 1, Kind: Used, At: got.At, Control: "use.decision", Subject: 4, Sealed: Opened,
				SubjectID: "sub_00000000000000000000000004",
				Public: Fields{
					Text(TagControl, "use.decision"), Num(TagPolicy, 3), Num(TagPurpose, 2), Nums(TagItems, []int{1, 4}), Text(TagRole, "support"),
				},
				Private: Fields{Text(TagSubjectID, "sub_00000000000000000000000004"), Text(TagActor, "stf_1"), Text(TagRef, "order-1")},
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(Record{})); diff != "" {
				// key is a detail of the row
				want.key = got.key
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(Record{})); diff != "" {
					t.Error(diff)
				}
			}
			if d := got.At.Sub(dbtest.Start()); d <= 0 || d > time.Second {
				t.Errorf("At = %v, not the act's time", got.At)
			}
			_, err = w.Entry(t.Context(), r, id+1000)
			if fault.Of(err) != fault.NotFound {
				t.Errorf("an entry that is not there: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnEntryOfALostActIsNotInTheLog(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.data.NewAct()
		a.Require(db.Versioned{Table: "audit_state", Key: "one", Version: "fence"}, 1, 99)
		if _, err := w.Append(t.Context(), a, used(1)); err != nil {
			t.Fatal(err)
		}
		if err := w.data.Commit(t.Context(), a); !db.Lost(err) {
			t.Fatalf("commit: %v, want lost", err)
		}
		kept := w.append(used(2))
		if n := w.sequence(); n != 2 { // the key's announcement, and the kept one
			t.Errorf("%d entries placed, want 2", n)
		}
		if seq, err := w.seq(t.Context(), kept); seq != 1 || err != nil {
			t.Errorf("the kept entry has number %d", seq)
		}
		w.check()
	})
}

func TestWhatIsAppendedOutlivesACrashBeforeItsPlace(t *testing.T) {
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, d)
		w.fill(10)
		for range 7 {
			w.append(used(3))
		}
		if err := d.Close(); err != nil { // the process ends, unsequenced
			t.Fatal(err)
		}
		if w.data, err = db.Open(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		defer w.data.Close()
		w.exec(`DELETE FROM db_lease`) // its time has run out
		w.cfg.Data = w.data
		w.Log = w.reopen()
		if r := w.check(); r.Pending != 7 || r.Size != 11 {
			t.Errorf("%d pending after %d, want 7 after 11", r.Pending, r.Size)
		}
		if n := w.sequence(); n != 7 {
			t.Errorf("%d placed, want 7", n)
		}
		if r := w.check(); r.Pending != 0 || r.Size != 18 {
			t.Errorf("%d pending after %d, want 0 after 18", r.Pending, r.Size)
		}
	})
}

// script writes the same entries in the same order to any store.
func script(w *world) {
	for i := range 60 {
		a := w.data.NewAct()
		for range 1 + i%41 {
			if _, err := w.Append(w.t.Context(), a, used(int64(1+i%11))); err != nil {
				w.t.Fatal(err)
			}
		}
		if err := w.data.Commit(w.t.Context(), a); err != nil {
			w.t.Fatal(err)
		}
		if i%7 == 0 {
			w.sequence()
		}
	}
	w.sequence()
}

// table reads every row of a query as text.
func (w *world) table(sql string, columns int) []string {
	w.t.Helper()
	var out []string
	err := w.data.Read(w.t.Context(), func(r *db.Snapshot) error {
		rows, err := r.Query(w.t.Context(), sql)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			cells := make([][]byte, columns)
			ptrs := make([]any, columns)
			for i := range cells {
				ptrs[i] = &cells[i]
			}
			if err := rows.Scan(ptrs...); err != nil {
				return err
			}
			out = append(out, fmt.Sprintf("%x", cells))
		}
		return rows.Err()
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func TestOneScriptGivesTheSameBytesAndRootOnBothEngines(t *testing.T) {
	var roots []Checkpoint
	var rows [][]string
	dbtest.EachNew(t, db.Data, func(t *testing.T, c db.Config) { // a new store asks the clock for its migrations too
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		w := newWorld(t, d)
		script(w)
		w.check()
		roots = append(roots, w.checkpoint())
		rows = append(rows, w.table(`SELECT public, sealed FROM audit_entry ORDER BY id`, 2))
	})
	if len(roots) != 2 || t.Failed() {
		return
	}
	if diff := cmp.Diff(rows[0], rows[1]); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal(roots[0].Note, roots[1].Note) {
		t.Errorf("checkpoints differ:\n%s\n%s", roots[0].Note, roots[1].Note)
	}
}

func TestALogMovedToAnotherEngineVerifiesToTheSameRoot(t *testing.T) {
	from := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	from.fill(700)
	from.keys.destroy(1002)
	if n, err := from.Prune(t.Context(), []Ended{{2, 1002}}); err != nil || n != 140 {
		t.Fatal(n, err)
	}
	from.sequence()
	want := from.check()
	to := dbtest.Open(t, db.Postgres, db.Data)
	move(t, from.data, to)
	w := &world{t: t, data: to, keys: from.keys, cfg: from.cfg}
	w.cfg.Data = to
	w.Log = w.reopen()
	got := w.check()
	if got.Root != want.Root || got.Size != want.Size || got.Pruned != 140 {
		t.Errorf("moved log is %+v, want %+v", got, want)
	}
	w.append(used(1))
	w.sequence()
	w.check()
}

// move copies the tables of a log to another store.
func move(t *testing.T, from, to *db.DB) {
	t.Helper()
	exec := func(sql string, args ...any) {
		err := to.Tx(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), sql, args...); return err })
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	exec(`DELETE FROM audit_state`)
	for table, columns := range map[string]string{
		"audit_entry":      "id at subject kind seal_key pruned public# sealed# hash#",
		"audit_own":        "subject at id",
		"audit_run":        "seq id n",
		"audit_tile":       "level n hashes#",
		"audit_checkpoint": "day size note#",
		"audit_count":      "control$ day n last_seq",
		"audit_total":      "control$ n first_day last_day last_seq",
		"audit_state":      "one size fence signer$",
		"db_number":        "name$ next",
	} {
		var names, marks []string
		var cells []any
		for i, c := range strings.Fields(columns) {
			switch c[len(c)-1] {
			case '#':
				cells = append(cells, new([]byte))
			case '$':
				cells = append(cells, new(string))
			default:
				cells = append(cells, new(*int64))
			}
			names, marks = append(names, strings.TrimRight(c, "#$")), append(marks, fmt.Sprintf("$%d", i+1))
		}
		var rows [][]any
		err := from.Read(t.Context(), func(r *db.Snapshot) error {
			q, err := r.Query(t.Context(), "SELECT "+strings.Join(names, ", ")+" FROM "+table)
			if err != nil {
				return err
			}
			defer q.Close()
			for q.Next() {
				if err := q.Scan(cells...); err != nil {
					return err
				}
				row := make([]any, len(cells))
				for i, c := range cells {
					switch c := c.(type) {
					case *[]byte:
						row[i] = bytes.Clone(*c)
					case *string:
						row[i] = *c
					case **int64:
						row[i] = *c
					}
				}
				rows = append(rows, row)
			}
			return q.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			exec("INSERT INTO "+table+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(marks, ", ")+")", row...)
		}
	}
}

func TestSixteenCallersLeaveEveryEntryOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const callers, acts = 16, 40
		ids := make([][]ID, callers)
		stop := make(chan struct{})
		var sequencer, group sync.WaitGroup
		sequencer.Go(func() {
			for {
				if _, err := w.Sequence(t.Context()); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
		for c := range callers {
			group.Go(func() {
				for i := range acts {
					a := w.data.NewAct()
					id, err := w.Append(t.Context(), a, used(int64(1+c)))
					if err == nil {
						err = w.data.Commit(t.Context(), a)
					}
					if err != nil {
						t.Error(err)
						return
					}
					ids[c] = append(ids[c], id)
					if i%10 == 0 { // a person asks for a receipt in the middle of it
						p, err := w.Proof(t.Context(), id)
						if err == nil {
							_, err = VerifyProof(p, w.Key())
						}
						if err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		group.Wait()
		close(stop)
		sequencer.Wait()
		w.sequence()
		if r := w.check(); r.Size != 1+callers*acts || r.Pending != 0 || r.Opened != callers*acts {
			t.Errorf("%+v, want %d entries", r, 1+callers*acts)
		}
		for _, list := range ids {
			for _, id := range list {
				if seq, err := w.seq(t.Context(), id); seq < 0 || err != nil {
					t.Errorf("entry %d has number %d, %v", id, seq, err)
				}
			}
		}
	})
}

func TestCountersTellTheEvidenceOfEachControlByDay(t *testing.T) {
	dbtest.EachConfig(t, db.Data, func(t *testing.T, c db.Config) {
		clock := dbtest.NewClock()
		c.Clock = clock.Now
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		w := newWorld(t, d)
		w.fill(3)
		clock.Add(24 * time.Hour)
		w.fill(2)
		w.append(Entry{Kind: Erased, Control: "erasure.complete", Also: []policy.Control{"use.log", "erasure.complete", "use.log"}})
		w.sequence()
		day1 := dbtest.Start().Truncate(24 * time.Hour)
		day2 := day1.Add(24 * time.Hour)
		for _, x := range []struct {
			control  string
			from, to time.Time
			want     string
		}{
			{"", day1, day2, "erasure.complete 2 1 6; use.decision 1 3 3; use.decision 2 2 5; use.log 2 1 6; "},
			{"use.decision", day1, day1, "use.decision 1 3 3; "},
			{"use.decision", day2, day2.Add(time.Hour), "use.decision 2 2 5; "},
			{"share.sale", day1, day2, ""},
		} {
			list, err := w.Counts(t.Context(), policy.Control(x.control), x.from, x.to)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, c := range list {
				got += fmt.Sprintf("%s %d %d %d; ", c.Control, c.Day.Day(), c.N, c.Last)
			}
			if got != x.want {
				t.Errorf("Counts(%s) = %q, want %q", x.control, got, x.want)
			}
		}
		got := ""
		err = w.data.Read(t.Context(), func(r *db.Snapshot) error {
			totals, err := Totals(t.Context(), r)
			if err != nil {
				return err
			}
			for _, n := range totals {
				e, err := w.Entry(t.Context(), r, n.Entry)
				if err != nil {
					return err
				}
				if e.Seq != n.Seq || !slices.Contains(e.Public.Controls(), n.Control) {
					t.Errorf("the last entry of %s is said to be %d, which has number %d and shows %s", n.Control, n.Entry, e.Seq, e.Public.Controls())
				}
				got += fmt.Sprintf("%s %d %d %d; ", n.Control, n.N, n.Last.Day(), n.Seq)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := "erasure.complete 1 2 6; use.decision 5 2 5; use.log 1 2 6; "; got != want {
			t.Errorf("Totals = %q, want %q", got, want)
		}
		w.check()
	})
}
