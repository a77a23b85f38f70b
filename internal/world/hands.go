package world

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/plan"
)

// Mark makes the canary search for a token too.
func (w *World) Mark(token string) { w.canary.add(token) }

// Say gives the canary a text that left the platform.
func (w *World) Say(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprintln(&w.said, text)
}

// Support is a member of staff who takes requests down.
func (w *World) Support() gate.Actor { return w.support() }

// Backup writes archives of this name into the world's folder.
func (w *World) Backup(name string) avow.Archives {
	w.Helper()
	dir := filepath.Join(w.Dir, "archives")
	w.Must(os.MkdirAll(dir, 0o700))
	to := avow.Archives{Data: filepath.Join(dir, name+".data"), Keys: filepath.Join(dir, name+".keys")}
	_, err := w.P.Backup(context.Background(), to, func(int64, int64) {})
	w.Must(w.heard(err))
	return to
}

// LockTable keeps everybody from writing to a table of the data store until
// release. PostgreSQL only.
func (w *World) LockTable(name string) (release func()) {
	w.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, w.dsn[db.Data])
	w.Must(err)
	_, err = conn.Exec(ctx, "BEGIN; LOCK TABLE \"avow_"+ID+"_data\"."+name+" IN EXCLUSIVE MODE")
	w.Must(err)
	release = func() { conn.Close(ctx) }
	w.Cleanup(release)
	return release
}

// WaitForLock returns when somebody waits for a lock in the data store.
func (w *World) WaitForLock() {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, w.dsn[db.Data])
	w.Must(err)
	defer conn.Close(ctx)
	for waiting := 0; waiting == 0; {
		err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting)
		w.Must(err)
	}
}

// SwapStores gives the sister the platform's own data store, as a wrong
// restore or a thief would, and fails when it is opened.
func (w *World) SwapStores() {
	w.Helper()
	if w.Engine != db.SQLite {
		return // a schema of the engine has no file to swap
	}
	w.Close()
	defer w.Open()
	w.Clock.Add(time.Second)
	own, theirs := w.StoreFile(db.Data, ID), w.StoreFile(db.Data, Sister)
	b, err := os.ReadFile(own)
	w.Must(err)
	before, err := os.ReadFile(theirs)
	w.Must(err)
	w.Must(os.WriteFile(theirs, b, 0o600))
	s, err := avow.Open(context.Background(), w.Config("avow.yaml"), avow.Options{Clock: w.Clock.Now})
	if err == nil {
		s.Close()
		w.Error("a platform opens the data store of another")
	}
	w.Must(os.WriteFile(theirs, before, 0o600))
}

// Officer approves what support has asked for.
func (w *World) Officer() gate.Actor { return w.officer() }

// Answered notes that something which leaves entries of these kinds was
// answered.
func (w *World) Answered(kinds ...audit.Kind) {
	for _, k := range kinds {
		w.count(k, 1)
	}
}

// Doubt notes that what would leave entries of these kinds has failed, and may
// have left them.
func (w *World) Doubt(kinds ...audit.Kind) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, k := range kinds {
		w.doubtful[k]++
	}
}

// Crash is the next life of a process whose stores have failed: what it says
// when it closes is not heard.
func (w *World) Crash() {
	w.Helper()
	w.Server.Close()
	w.Server, w.P = nil, nil
	w.Clock.Add(time.Second)
	w.Open()
}

// VerifyReceipt verifies a receipt, and that no changed byte does.
func (w *World) VerifyReceipt(b []byte) {
	w.Helper()
	if _, err := plan.VerifyReceipt(b, w.P.Log().Key()); err != nil {
		w.Fatalf("the receipt does not verify: %v", err)
	}
	b[len(b)/2] ^= 1
	if _, err := plan.VerifyReceipt(b, w.P.Log().Key()); err == nil {
		w.Error("a receipt with a changed byte verifies")
	}
}
