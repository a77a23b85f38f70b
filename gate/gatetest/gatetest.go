// Package gatetest gives tests of connectors the warrants they need: real
// ones, from a gate over stores of its own.
package gatetest

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/subject"
)

// A desk is the gate of one test.
type desk struct {
	gate   *gate.Gate
	logKey seal.KeyID
	steps  int64
}

var (
	mu    sync.Mutex // owns desks
	desks = map[testing.TB]*desk{}
)

// Warrant returns leave to do action in system about the subject with this
// public id.
func Warrant(t testing.TB, system string, action gate.Action, sub string) gate.Warrant {
	t.Helper()
	mu.Lock()
	defer mu.Unlock()
	d := desks[t]
	if d == nil {
		d = open(t)
		desks[t] = d
		t.Cleanup(func() {
			mu.Lock()
			defer mu.Unlock()
			delete(desks, t)
		})
	}
	d.steps++
	w, err := d.gate.Warrant(t.Context(), gate.Step{
		Request: "req_test", Number: d.steps, System: system, Action: action,
		Subject: subject.Facts{Num: 1, ID: subject.ID(sub), LogKey: d.logKey},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func open(t testing.TB) *desk {
	t.Helper()
	dir := t.TempDir()
	data, keys := dbtest.Open(t, db.SQLite, db.Data), dbtest.Open(t, db.SQLite, db.Keys)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	kms, err := seal.FileKMS(filepath.Join(dir, "master.json"))
	must(err)
	epoch, err := seal.OpenEpochFile(filepath.Join(dir, "epoch"), kms)
	must(err)
	ring, err := seal.Open(t.Context(), seal.Config{Platform: "test", Keys: keys, Data: data, Epoch: epoch})
	must(err)
	t.Cleanup(ring.Close)
	log, err := audit.Open(t.Context(), audit.Config{Platform: "test", Data: data, Keys: ring, SignerFile: filepath.Join(dir, "signer")})
	must(err)
	g, err := gate.New(gate.Config{Data: data, Keys: ring, Log: log})
	must(err)
	key, err := ring.Next(t.Context())
	must(err)
	return &desk{gate: g, logKey: key}
}
