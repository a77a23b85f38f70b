package archive

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
)

// A history is a journal that is written on, with a copy after each record.
type history struct {
	t    *testing.T
	path string
	j    *journal.Journal
}

func newHistory(t *testing.T) *history {
	t.Helper()
	h := &history{t: t, path: filepath.Join(t.TempDir(), "journal")}
	var err error
	if h.j, err = journal.Open(h.path, platform); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.j.Close() })
	return h
}

// erase appends a record for each number.
func (h *history) erase(numbers ...int) *history {
	h.t.Helper()
	for _, n := range numbers {
		if err := h.j.Append(h.t.Context(), erasure(n)); err != nil {
			h.t.Fatal(err)
		}
	}
	return h
}

func erasure(n int) journal.Record {
	return journal.Record{At: at(n), Subject: fmt.Sprintf("sub_%d", n), Scope: journal.Scope{Kind: journal.Everything}}
}

func erasures(numbers ...int) (out []journal.Record) {
	for _, n := range numbers {
		out = append(out, erasure(n))
	}
	return out
}

func (h *history) copy() *journal.Copy {
	h.t.Helper()
	c, err := journal.Read(h.path, platform)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// archived returns the manifests of archives made now.
func (h *history) archived(minute int) (data, keys *Manifest) {
	m := Manifest{Format: Format, Platform: platform, At: at(minute), Journals: []journal.Head{h.j.Head()}}
	d, k := m, m
	d.Store, k.Store, k.Epoch = db.Data, db.Keys, 3
	return &d, &k
}

func TestErasuresSinceTheOlderArchiveAreCarriedOutAgain(t *testing.T) {
	h := newHistory(t).erase(1, 2)
	data, _ := h.archived(10)
	_, keys := h.erase(3).archived(11)
	h.erase(4, 5)
	for name, c := range map[string]struct {
		r    Restore
		want []journal.Record
	}{
		"both":      {Restore{Data: data, Keys: keys}, erasures(3, 4, 5)},
		"data only": {Restore{Data: data}, erasures(3, 4, 5)},
		"keys only": {Restore{Keys: keys}, erasures(4, 5)},
	} {
		c.r.Platform, c.r.Epoch, c.r.Journals = platform, 3, []*journal.Copy{h.copy()}
		v, err := c.r.Decide()
		if diff := cmp.Diff(c.want, v.Replay); diff != "" || err != nil || v.Overridden != "" {
			t.Errorf("%s: %s %v %q", name, diff, err, v.Overridden)
		}
	}
}

func TestWithoutANewerJournalARestoreIsRefused(t *testing.T) {
	h := newHistory(t).erase(1, 2)
	before := h.copy()
	data, keys := h.erase(3).archived(10)
	rewritten := newHistory(t).erase(1, 2, 9, 10).copy()
	for name, journals := range map[string][]*journal.Copy{
		"none":      nil,
		"an older":  {before},
		"a foreign": {rewritten},
		"both":      {before, rewritten},
	} {
		r := Restore{Platform: platform, Data: data, Keys: keys, Epoch: 3, Journals: journals}
		if v, err := r.Decide(); fault.Of(err) != fault.Denied || v.Replay != nil {
			t.Errorf("%s: err = %v, want denied", name, err)
		}
		r.Override = "stf_1"
		v, err := r.Decide()
		if err != nil || v.Overridden != "stf_1" || !strings.Contains(strings.Join(v.Warnings, " "), "undone") {
			t.Errorf("%s, overridden: %+v, %v", name, v, err)
		}
	}
}

func TestAnOverrideThatIsNotNeededIsNotRecorded(t *testing.T) {
	h := newHistory(t).erase(1)
	data, _ := h.archived(2)
	v, err := Restore{Platform: platform, Data: data, Journals: []*journal.Copy{h.copy()}, Override: "stf_1"}.Decide()
	if err != nil || v.Overridden != "" {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestEveryNodesJournalIsNeeded(t *testing.T) {
	a, b := newHistory(t).erase(1), newHistory(t).erase(2)
	data, _ := a.archived(5)
	data.Journals = append(data.Journals, b.j.Head())
	a.erase(7)
	b.erase(6, 8)
	late := newHistory(t).erase(9) // of a node that was added after the archive
	r := Restore{Platform: platform, Data: data}
	for name, journals := range map[string][]*journal.Copy{"first only": {a.copy()}, "first twice": {a.copy(), a.copy()}, "second only": {b.copy(), late.copy()}} {
		r.Journals = journals
		if _, err := r.Decide(); fault.Of(err) != fault.Denied {
			t.Errorf("%s: err = %v, want denied", name, err)
		}
	}
	r.Journals = []*journal.Copy{b.copy(), late.copy(), a.copy()}
	v, err := r.Decide()
	if diff := cmp.Diff(erasures(6, 7, 8, 9), v.Replay); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestKeysArchivesDieWithTheirEpoch(t *testing.T) {
	h := newHistory(t)
	_, keys := h.archived(1)
	for _, epoch := range []int64{2, 4} {
		r := Restore{Platform: platform, Keys: keys, Epoch: epoch, Journals: []*journal.Copy{h.copy()}, Override: "stf_1"}
		if _, err := r.Decide(); fault.Of(err) != fault.Invalid || !strings.Contains(fault.Message(err), "die with their epoch") {
			t.Errorf("epoch %d: err = %v, want invalid", epoch, err)
		}
	}
}

func TestArchivesOfOthersAreRefused(t *testing.T) {
	h := newHistory(t)
	data, keys := h.archived(1)
	foreign, bare := *data, *data
	foreign.Platform, bare.Journals = "apsgo", nil
	for name, r := range map[string]Restore{
		"another platform": {Data: &foreign},
		"swapped":          {Data: keys, Keys: data},
		"keys as data":     {Data: keys},
		"nothing":          {},
		"no head":          {Data: &bare},
	} {
		r.Platform, r.Epoch, r.Journals, r.Override = platform, 3, []*journal.Copy{h.copy()}, "stf_1"
		if _, err := r.Decide(); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: err = %v, want invalid", name, err)
		}
	}
}

func TestKeysOlderThanTheDataAreWarnedOf(t *testing.T) {
	h := newHistory(t)
	_, keys := h.archived(1)
	data, later := h.archived(2)
	r := Restore{Platform: platform, Data: data, Keys: keys, Epoch: 3, Journals: []*journal.Copy{h.copy()}}
	if v, err := r.Decide(); err != nil || len(v.Warnings) != 1 {
		t.Errorf("%v, %v", v.Warnings, err)
	}
	r.Keys = later
	if v, err := r.Decide(); err != nil || len(v.Warnings) != 0 {
		t.Errorf("%v, %v", v.Warnings, err)
	}
}

// The whole of it: a person is erased after the backup; everything is lost; the
// restore knows whom to erase again, and the others' values open.
func TestARestoreBringsEverybodyBackButTheErased(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			ctx := t.Context()
			b := newBed(t, e)
			b.collect(t, 1, 2)
			dataFile, keysFile := create(t, b.dataSource()), create(t, b.keysSource())
			b.erase(t, 2)
			copied := filepath.Join(filepath.Dir(b.epoch.Name()), "journal")
			c, err := journal.Read(copied, platform)
			if err != nil {
				t.Fatal(err)
			}
			v, err := Restore{Platform: platform, Data: peek(t, dataFile), Keys: peek(t, keysFile), Epoch: 1, Journals: []*journal.Copy{c}}.Decide()
			if err != nil || len(v.Replay) != 1 || v.Replay[0].Subject != "sub_2" {
				t.Fatalf("%+v, %v", v, err)
			}
			data, keys := dbtest.Open(t, e, db.Data), dbtest.Open(t, e, db.Keys)
			load(t, dataFile, data)
			load(t, keysFile, keys)
			ring := openRing(t, data, keys, b.epoch)
			bound, err := boundTo(t, data, ring, 2)
			if err != nil || len(bound) != 1 {
				t.Fatal(bound, err)
			}
			if err := ring.Destroy(ctx, bound...); err != nil { // what the vault does for each record
				t.Fatal(err)
			}
			if reads(t, data, ring, 1) != value(1) || reads(t, data, ring, 2) != "" {
				t.Error("the erased is back, or the other is not")
			}
		})
	}
}

func TestAKeysArchiveFromBeforeARotationOpensNothing(t *testing.T) {
	b := newBed(t, db.SQLite)
	b.collect(t, 1)
	old := create(t, b.keysSource())
	if _, err := b.ring.Rotate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	held, err := b.epoch.Read(t.Context())
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	c := newHistory(t).copy()
	r := Restore{Platform: platform, Keys: peek(t, old), Epoch: held[0].Number, Journals: []*journal.Copy{c}}
	if _, err := r.Decide(); fault.Of(err) != fault.Invalid {
		t.Errorf("err = %v, want invalid", err)
	}
	keys := dbtest.Open(t, db.SQLite, db.Keys)
	load(t, old, keys)
	if ring, err := seal.Open(t.Context(), seal.Config{Platform: platform, Keys: keys, Data: b.data, Epoch: b.epoch, Restoring: true}); err == nil {
		ring.Close()
		t.Error("keys of a dead epoch are served")
	}
}

// erase does to a subject what an erasure does: journal, then keys.
func (b *bed) erase(t *testing.T, subject int64) {
	t.Helper()
	keys, err := boundTo(t, b.data, b.ring, subject)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.journal.Append(t.Context(), erasure(int(subject))); err != nil {
		t.Fatal(err)
	}
	if err := b.ring.Destroy(t.Context(), keys...); err != nil {
		t.Fatal(err)
	}
	if reads(t, b.data, b.ring, subject) != "" {
		t.Fatal("the value can still be read")
	}
}

func boundTo(t *testing.T, data *db.DB, ring *seal.Keyring, subject int64) (keys []seal.KeyID, err error) {
	t.Helper()
	err = data.Read(t.Context(), func(r *db.Snapshot) error {
		list, err := ring.Bound(t.Context(), r, subject)
		for _, b := range list {
			keys = append(keys, b.Key)
		}
		return err
	})
	return keys, err
}
