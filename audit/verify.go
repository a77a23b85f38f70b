package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

// Verify says how the log is to be verified. The zero value trusts nothing but
// the key in the signer file.
type Verify struct {
	// Trusted are signed checkpoints kept outside: from receipts, witnesses, an
	// earlier verification. The log must begin with what each was signed over.
	Trusted [][]byte
	// Proofs are kept proofs; the log must hold each entry at its place. A
	// proof's checkpoint is trusted too.
	Proofs []Proof
	// Keys are verifier keys, one a line, that must be among the keys the log
	// announces; "" is the key in the signer file.
	Keys string
	// Open opens every sealed part whose key lives, to see that it belongs to its
	// entry and subject. It takes about twice the time.
	Open bool
	// Progress is called now and then with the entries verified and their number.
	Progress func(done, total int64)
}

// A Wrong is something in the log that is not as it was signed.
type Wrong struct {
	Seq  int64  // number of the (first) entry concerned; -1: none in particular
	Part string // "entry", "order", "tile", "checkpoint", "receipt", "key", "prune", "count", "sealed part"
	What string // for a person, with no personal data
}

// String returns the place and the fault.
func (w Wrong) String() string {
	if w.Seq < 0 {
		return w.Part + ": " + w.What
	}
	return fmt.Sprintf("entry %d: %s: %s", w.Seq, w.Part, w.What)
}

// maxWrong bounds the list of a report.
const maxWrong = 100

// A Report is the outcome of a verification.
type Report struct {
	Size    int64     // entries verified: the newest checkpoint's size
	Root    tlog.Hash // computed from the stored entries
	Pending int64     // entries without a place yet: nothing vouches for them
	Pruned  int64     // entries whose sealed part was dropped
	Opened  int64     // sealed parts opened, with Verify.Open
	Dead    int64     // sealed parts whose key is gone, with Verify.Open
	Keys    []string  // verifier keys the log announces, in order
	Wrong   []Wrong   // by entry, the first hundred
}

// Err returns nil when nothing is wrong, otherwise a fault that names the first
// wrong entry.
func (r Report) Err() error {
	if len(r.Wrong) == 0 {
		return nil
	}
	more := ""
	if n := len(r.Wrong) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more)", n)
	}
	return fault.New(fault.Invalid, "the log does not verify: %s%s", r.Wrong[0], more)
}

// Verify recomputes the whole log from its stored entries and compares it with
// tiles, counters, checkpoints, signatures and what the caller trusts. What is
// wrong stands in the report; an error means that the log could not be read.
// Entries placed meanwhile are not looked at.
func (l *Log) Verify(ctx context.Context, v Verify) (Report, error) {
	w := &verifier{log: l, options: v, keys: keyring{origin: l.origin}}
	if err := l.data.Read(ctx, func(r *db.Snapshot) error { return w.begin(ctx, r) }); err != nil {
		return w.report, err
	}
	for w.next < w.report.Size {
		if err := l.data.Read(ctx, func(r *db.Snapshot) error { return w.chunk(ctx, r) }); err != nil {
			return w.report, err
		}
		if err := w.openChunk(ctx); err != nil {
			return w.report, err
		}
		if v.Progress != nil {
			v.Progress(w.next, w.report.Size)
		}
	}
	if err := l.data.Read(ctx, func(r *db.Snapshot) error { return w.partialTiles(ctx, r) }); err != nil {
		return w.report, err
	}
	w.end()
	return w.report, nil
}

// A claim is a root that somebody signed for one size of the log.
type claim struct {
	who    string // "the checkpoint of 2026-11-21", "trusted checkpoint 2"
	signed []byte
	Checkpoint
}

// begin reads what the entries are compared with.
func (w *verifier) begin(ctx context.Context, r *db.Snapshot) error {
	s, err := readState(ctx, r)
	if err != nil {
		return err
	}
	w.state = s
	if err := r.Row(ctx, countPending).Scan(&w.report.Pending); err != nil {
		return fmt.Errorf("audit verify: %w", err)
	}
	if err := w.beginClaims(ctx, r); err != nil {
		return err
	}
	if err := w.beginSize(ctx, r); err != nil {
		return err
	}
	w.beginTrusted()
	var beyond int64
	err = r.Row(ctx, selectBeyond, w.report.Size).Scan(&beyond)
	if err == nil {
		w.wrong(beyond, "order", fmt.Sprintf("it stands in the log beyond the %d entries that were signed", w.report.Size))
	} else if !db.None(err) {
		return fmt.Errorf("audit verify: %w", err)
	}
	w.counts, err = readCounts(ctx, r, selectCounts, -1<<62, 1<<62)
	return err
}

const selectBeyond = `SELECT seq FROM audit_entry WHERE seq >= $1 ORDER BY seq LIMIT 1`

// beginClaims reads the stored checkpoints.
func (w *verifier) beginClaims(ctx context.Context, r *db.Snapshot) error {
	rows, err := r.Query(ctx, selectCheckpoints)
	if err != nil {
		return fmt.Errorf("audit verify: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var day, size int64
		var signed []byte
		if err := rows.Scan(&day, &size, &signed); err != nil {
			return fmt.Errorf("audit verify: %w", err)
		}
		c := claim{who: fmt.Sprintf("the checkpoint of day %d", day), signed: signed}
		if c.Checkpoint, err = parseNote(signed); err != nil || c.Size != size {
			w.wrong(-1, "checkpoint", c.who+" cannot be read, or is of another size than its row says")
			continue
		}
		w.claims = append(w.claims, c)
	}
	slices.SortStableFunc(w.claims, bySize)
	return rows.Err()
}

// beginSize settles how many entries are verified: as many as a key that is known
// beforehand has signed, or else as many as there are.
func (w *verifier) beginSize(ctx context.Context, r *db.Snapshot) error {
	var rows, last int64
	if err := r.Row(ctx, selectExtent).Scan(&rows, &last); err != nil {
		return fmt.Errorf("audit verify: %w", err)
	}
	known, err := parseVerifiers(w.log.Key() + "\n" + w.options.Keys)
	if err != nil {
		return err
	}
	w.report.Size = min(rows, last+1)
	var newest int64
	for _, c := range w.claims {
		newest = max(newest, c.Size)
		if _, err := openCheckpoint(c.signed, known); err == nil {
			w.report.Size = c.Size // claims ascend
		}
	}
	if w.state.size != newest {
		w.wrong(-1, "checkpoint", fmt.Sprintf("the sequencer's state says %d entries, the newest checkpoint %d", w.state.size, newest))
	}
	return nil
}

const selectExtent = `SELECT count(*), COALESCE(max(seq), -1) FROM audit_entry`

// beginTrusted adds what the caller holds. A log that is shorter than what
// somebody has a signature for was cut off.
func (w *verifier) beginTrusted() {
	w.proofs = map[int64]Proof{}
	trusted := slices.Clone(w.options.Trusted)
	for _, p := range w.options.Proofs {
		w.proofs[p.Index] = p
		trusted = append(trusted, p.Checkpoint)
	}
	for i, signed := range trusted {
		c := claim{who: fmt.Sprintf("trusted checkpoint %d", i+1), signed: signed}
		var err error
		if c.Checkpoint, err = parseNote(signed); err != nil || c.Origin != w.log.origin {
			w.wrong(-1, "checkpoint", c.who+" is no checkpoint of this log")
			continue
		}
		if c.Size > w.report.Size {
			w.wrong(w.report.Size, "order", fmt.Sprintf("it is missing: %s was signed over %d entries, the log has %d", c.who, c.Size, w.report.Size))
		}
		w.claims = append(w.claims, c)
	}
	slices.SortStableFunc(w.claims, bySize)
}

func bySize(a, b claim) int { return cmp.Compare(a.Size, b.Size) }

// end judges the roots, signatures, keys, prunings and counters.
func (w *verifier) end() {
	w.report.Root = w.tree.root()
	w.report.Keys = w.keys.keys
	w.judgeLeaves()
	w.judgeKeys()
	w.judgePruned()
	w.judgeCounts()
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
