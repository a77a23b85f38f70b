package audit

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/avow-dev/avow/policy"
)

// end judges the roots, signatures, keys, prunings and counters.
func (w *verifier) end() {
	w.report.Root = w.tree.root()
	w.report.Keys = w.keys.keys
	w.judgeLeaves()
	w.judgeKeys()
	w.judgePruned()
	w.judgeCounts()
	w.judgeTotals()
	slices.SortStableFunc(w.report.Wrong, func(a, b Wrong) int {
		switch {
		case a.Seq == b.Seq:
			return 0
		case b.Seq < 0 || a.Seq >= 0 && a.Seq < b.Seq:
			return -1
		}
		return 1
	})
	if len(w.report.Wrong) > maxWrong {
		w.report.Wrong = w.report.Wrong[:maxWrong]
	}
}

// judgeLeaves decides who is right where an entry and its tile differ: the one
// that leads to the signed root.
func (w *verifier) judgeLeaves() {
	sound := false
	for _, c := range w.claims {
		sound = sound || c.Size == w.report.Size && c.Root == w.report.Root && w.signed(c) == nil
	}
	for _, seq := range w.differ {
		if sound {
			w.wrong(seq, "tile", "the tile does not hold the hash of this entry; the entry itself is as it was signed")
		} else {
			w.wrong(seq, "entry", "its stored bytes are not those that the tree was built over")
		}
	}
}

// signed returns nil when a key that the log announces, before the claim's size,
// has signed the claim.
func (w *verifier) signed(c claim) error {
	var known []note.Verifier
	for i, v := range w.keys.known {
		if w.keyAt[i] < c.Size {
			known = append(known, v)
		}
	}
	_, err := openCheckpoint(c.signed, known)
	return err
}

func (w *verifier) judgeKeys() {
	for _, c := range w.claims {
		if c.Size > 0 && w.signed(c) != nil {
			w.wrong(-1, "checkpoint", c.who+" is not signed by a key that the log announces")
		}
	}
	pinned := w.options.Keys
	if pinned == "" {
		pinned = w.log.Key()
	}
	list, _ := parseVerifiers(pinned) // read once before, in beginSize
	for _, v := range list {
		if w.report.Size > 0 && !contains(w.keys.known, v) {
			w.wrong(-1, "key", "the log does not announce the key you hold: it was put under another key")
		}
	}
	if w.report.Size > 0 && !slices.Contains(w.keys.keys, w.state.signer) {
		w.wrong(-1, "key", "the sequencer's state names a key that the log does not announce")
	}
}

func (w *verifier) judgePruned() {
	for id, set := range w.pruned {
		say, ok := w.said[id]
		if !ok {
			w.wrong(set.first, "prune", "its sealed part is gone, and no entry says that it was pruned")
			continue
		}
		if say.Num(TagCount) != set.n || !say.hash(set.sum()) {
			w.wrong(set.first, "prune", "its sealed part is gone, and the entry that tells of pruning tells of other entries")
		}
	}
	for id, say := range w.said {
		if _, ok := w.pruned[id]; !ok {
			w.wrong(say.seq, "prune", "it tells of pruned entries, of which there are none")
		}
	}
}

func (w *verifier) judgeCounts() {
	have := map[countKey]Count{}
	for _, c := range w.counts {
		have[countKey{c.Control, c.day}] = c
	}
	if len(have) != len(w.seen) {
		w.wrong(-1, "count", fmt.Sprintf("there are %d daily counters, the entries make %d", len(have), len(w.seen)))
	}
	for key, c := range w.seen {
		if h := have[key]; h.N != c.N || h.Last != c.Last {
			w.wrong(-1, "count", fmt.Sprintf("the counter of %s on day %d says %d, the entries make %d", key.control, key.day, h.N, c.N))
		}
	}
}

// judgeTotals compares the totals with the entries.
func (w *verifier) judgeTotals() {
	want := map[policy.Control]Total{}
	for key, c := range w.seen {
		t, at := want[key.control], time.Unix(key.day*86400, 0).UTC()
		if t.N == 0 || at.Before(t.First) {
			t.First = at
		}
		if t.N == 0 || at.After(t.Last) {
			t.Last = at
		}
		t.Control, t.N, t.Seq = key.control, t.N+c.N, max(t.Seq, c.Last)
		want[key.control] = t
	}
	if len(w.totals) != len(want) {
		w.wrong(-1, "count", fmt.Sprintf("there are totals of %d controls, the entries make %d", len(w.totals), len(want)))
	}
	for _, have := range w.totals {
		if have != want[have.Control] {
			w.wrong(-1, "count", fmt.Sprintf("the total of %s says %d, the entries make %d", have.Control, have.N, want[have.Control].N))
		}
	}
}
