package world

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/rights"
)

// Check verifies the log with the state that follows from it, compares it with
// what was answered, looks for states that ought not to be, and searches for
// markers: in what is open, in what is closed, and in what living keys open.
// The server is closed and opened again.
func (w *World) Check() {
	w.Helper()
	w.check()
	w.Clock.Add(time.Second)
	w.Open()
}

// check is Check, and leaves the server closed.
func (w *World) check() {
	w.Helper()
	w.Must(w.P.Settle(context.Background()))
	w.checkLog()
	w.checkCounts()
	w.checkStates()
	w.remember()
	w.checkBytes("open")
	w.Close()
	w.checkBytes("closed")
	w.carve()
}

func (w *World) checkLog() {
	w.Helper()
	for _, p := range w.Server.Platforms() {
		v := w.verified(p)
		for _, x := range append(v.Wrong, v.Differs...) {
			w.Errorf("the log of %s: %s", p.ID(), x)
		}
		if v.Pending > 0 {
			w.Errorf("the log of %s leaves %d entries without a place", p.ID(), v.Pending)
		}
	}
}

// verified verifies a log when every entry has its place: another process, or
// one whose archive was restored, may hold the sequencer's lease for a while.
func (w *World) verified(p *avow.Platform) avow.Verification {
	w.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(20 * time.Second); ; {
		v, err := p.VerifyLog(context.Background(), audit.Verify{Open: true}, true)
		w.Must(err)
		if v.Pending == 0 {
			return v
		}
		select {
		case <-end:
			return v
		case <-tick.C:
		}
	}
}

// Counts returns how many entries of each kind the platform's log has.
func (w *World) Counts() map[audit.Kind]int {
	w.Helper()
	out := map[audit.Kind]int{}
	after := ""
	for {
		page, err := w.P.Entries(context.Background(), audit.Filter{After: after, Limit: 1000})
		w.Must(err)
		for _, e := range page {
			out[e.Kind]++
			after = e.Cursor(false)
		}
		if len(page) < 1000 {
			return out
		}
	}
}

// checkCounts compares the log with what was answered: exactly, but for what
// failed on an armed Fault.
func (w *World) checkCounts() {
	w.Helper()
	have := w.Counts()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, k := range counted() {
		if have[k] < w.answered[k] || have[k] > w.answered[k]+w.doubtful[k] {
			w.Errorf("the log has %d entries %s, and %d were answered (%d more failed)", have[k], k, w.answered[k], w.doubtful[k])
		}
	}
}

// counted lists the kinds of entries that answer a caller one for one.
func counted() []audit.Kind {
	return []audit.Kind{
		audit.SubjectRegistered, audit.Collected, audit.Refused, audit.Corrected, audit.Used, audit.Denied,
		audit.ItemErased, audit.ClassErased, audit.Erased, audit.Consented, audit.Withdrawn, audit.Objected, audit.ObjectionEnded,
		audit.RequestReceived, audit.Approved, audit.Delivered,
	}
}

// checkStates looks for what ought not to be when everything has come to rest.
func (w *World) checkStates() {
	w.Helper()
	for _, r := range w.rows(db.Data, ID) {
		switch r.table {
		case "vault_erasure":
			w.Errorf("an erasure of scope %s is pending", r.text("scope"))
		case "subject":
			if !slices.Contains([]string{"open", "closed", "erased"}, r.text("state")) {
				w.Errorf("a subject is %q", r.text("state"))
			}
		case "job":
			if r.text("state") == "dead" {
				w.Errorf("the job %s was given up: %s", r.text("kind"), r.text("failure"))
			}
		case "rights_request":
			w.checkRequest(rights.ID(r.text("id")))
		}
	}
}

// checkRequest walks a request's timeline along the table of moves.
func (w *World) checkRequest(id rights.ID) {
	w.Helper()
	v, err := w.P.Requests().Show(context.Background(), id)
	w.Must(err)
	at := rights.Received
	for _, e := range v.Events {
		if e.State == at {
			continue
		}
		legal := slices.ContainsFunc(rights.Moves(), func(m rights.Move) bool { return m.From == at && m.To == e.State })
		if !legal {
			w.Errorf("a request went from %s to %s", at, e.State)
		}
		at = e.State
	}
	if at != v.State {
		w.Errorf("a request is %s, and its timeline ends with %s", v.State, at)
	}
}

// checkBytes searches for markers in clear wherever the platform leaves bytes.
func (w *World) checkBytes(when string) {
	w.Helper()
	for name, b := range w.left() {
		for _, h := range w.canary.find(b) {
			w.Errorf("%s: %s holds the %s of somebody in clear (%s, at %d)", when, name, w.item(h.token), h.form, h.at)
		}
	}
}

// left returns all that the platform has left: files, tables, words.
func (w *World) left() map[string][]byte {
	w.Helper()
	out := map[string][]byte{}
	for _, dir := range []string{"data", "keys", "journal", "archives", "one-data", "one-journal"} {
		err := filepath.WalkDir(filepath.Join(w.Dir, dir), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || e.Type()&fs.ModeSocket != 0 {
				return nil
			}
			b, err := os.ReadFile(path)
			if os.IsNotExist(err) {
				return nil
			}
			out[path] = b
			return err
		})
		w.Must(err)
	}
	if w.Engine == db.Postgres {
		for _, store := range []db.Store{db.Data, db.Keys} {
			for _, r := range w.rows(store, ID) {
				var b []byte
				for _, v := range r.values {
					if raw, ok := v.([]byte); ok {
						b = append(append(b, raw...), 0)
					} else {
						b = append(fmt.Append(b, v), 0)
					}
				}
				out["table "+r.table] = append(out["table "+r.table], b...)
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	out["the text of an error"] = []byte(w.said.String())
	return out
}

// item names what a token is the marker of.
func (w *World) item(token string) string {
	for _, p := range w.People {
		for _, m := range p.Markers {
			if m.Token == token {
				return m.Item
			}
		}
	}
	return "marker"
}

// A blob is something sealed, as it was once stored, and where: an old archive
// of the data still has it.
type blob struct {
	place  seal.AAD
	sealed []byte
}

// remember keeps a copy of everything that is sealed in the data store now.
func (w *World) remember() {
	w.Helper()
	rows := w.rows(db.Data, ID)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range rows {
		b := blob{sealed: r.bytes("sealed")}
		request := r.int("request")
		switch r.table {
		case "vault_row", "audit_entry":
			b.place = seal.AAD{Subject: r.int("subject"), Value: r.int("id")}
		case "rights_request":
			b.place, b.sealed = seal.AAD{Subject: r.int("num"), Item: 1}, r.bytes("details")
		case "rights_plan":
			b.place = seal.AAD{Subject: request, Item: 3, Value: r.int("revision")}
		case "rights_step":
			b.place = seal.AAD{Subject: request, Item: 4, Value: r.int("number")}
		case "rights_spool":
			b.place = seal.AAD{Subject: request, Item: 5, Value: r.int("step")<<32 | r.int("part")}
		case "rights_parcel":
			b.place = seal.AAD{Subject: request, Item: 6, Value: r.int("part")}
		}
		if b.place.Subject != 0 && len(b.sealed) > 0 {
			w.kept[string(b.sealed)] = b
		}
	}
}

// carve is what a thief does who has every old archive of the data and all
// current keys: it tries every living key on everything that was ever sealed,
// and looks for what ought to be gone. The server is closed.
func (w *World) carve() {
	w.Helper()
	ctx := context.Background()
	keys, closeAll := w.keyring(ctx)
	defer closeAll()
	dead := newCanary()
	for _, p := range w.People {
		for _, m := range p.Markers {
			if m.Dead {
				dead.add(m.Token)
			}
		}
	}
	opened := 0
	for _, r := range w.rows(db.Keys, ID) {
		if r.table != "data_key" {
			continue
		}
		for _, b := range w.kept {
			plain, err := keys.Open(ctx, seal.KeyID(r.int("id")), b.place, b.sealed)
			if err != nil {
				continue
			}
			opened++
			for _, h := range dead.find(plain) {
				w.Errorf("a living key opens the %s of somebody, which was erased (%s)", w.item(h.token), h.form)
			}
		}
	}
	if opened == 0 && len(w.People) > 0 {
		w.Error("no living key opens anything: the search would find nothing")
	}
}

// keyring opens the platform's keys anew, with nothing cached.
func (w *World) keyring(ctx context.Context) (*seal.Keyring, func()) {
	w.Helper()
	var stores [2]*db.DB
	for i, store := range []db.Store{db.Data, db.Keys} {
		c := db.Config{Engine: w.Engine, Store: store, Clock: w.Clock.Now}
		if w.Engine == db.SQLite {
			c.File = w.StoreFile(store, ID)
		} else {
			c.DSN, c.Schema = w.dsn[store], "avow_"+ID+"_"+string(store)
		}
		var err error
		stores[i], err = db.Open(ctx, c)
		w.Must(err)
	}
	kms, err := seal.FileKMS(filepath.Join(w.Dir, "keys", "master.json"))
	w.Must(err)
	epoch, err := seal.OpenEpochFile(filepath.Join(w.Dir, "keys", ID+".epoch"), kms)
	w.Must(err)
	keys, err := seal.Open(ctx, seal.Config{Platform: ID, Keys: stores[1], Data: stores[0], Epoch: epoch})
	w.Must(err)
	return keys, func() {
		keys.Close()
		stores[1].Close()
		stores[0].Close()
	}
}

// ShopText returns all that the shop's database holds, for a search.
func (w *World) ShopText() string {
	w.Helper()
	if w.Engine == db.SQLite {
		return FileText(w, filepath.Join(w.Dir, "shop.db"))
	}
	return ServerText(w, w.shopDSN, shop.DemoSchema)
}
