package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"

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
	if w.counts, err = readCounts(ctx, r, selectCounts, -1<<62, 1<<62); err != nil {
		return err
	}
	w.totals, err = readTotals(ctx, r)
	return err
}

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
	var rows int64
	if err := r.Row(ctx, countEntries).Scan(&rows); err != nil {
		return fmt.Errorf("audit verify: %w", err)
	}
	last, _, err := readRun(ctx, r, lastRun)
	if err != nil {
		return err
	}
	known, err := parseVerifiers(w.log.Key() + "\n" + w.options.Keys)
	if err != nil {
		return err
	}
	w.report.Size = min(rows, last.seq+last.n)
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
	if last.seq+last.n > w.report.Size {
		w.wrong(w.report.Size, "order", fmt.Sprintf("it stands in the log beyond the %d entries that were signed", w.report.Size))
	}
	if extra := rows - w.report.Pending - w.report.Size; extra > 0 {
		w.wrong(-1, "order", fmt.Sprintf("%d stored entries are neither in the log nor waiting for their place", extra))
	}
	return w.overlaps(ctx, r)
}

// overlaps finds numbers that two runs of the order claim. Numbers that none
// claims are found on the way through the log.
func (w *verifier) overlaps(ctx context.Context, r *db.Snapshot) error {
	rows, err := r.Query(ctx, selectRuns)
	if err != nil {
		return fmt.Errorf("audit verify: %w", err)
	}
	defer rows.Close()
	next := int64(0)
	for rows.Next() {
		var p run
		if err := rows.Scan(&p.seq, &p.id, &p.n); err != nil {
			return fmt.Errorf("audit verify: %w", err)
		}
		if p.seq < next {
			w.wrong(p.seq, "order", "two entries claim this number")
		}
		next = max(next, p.seq+p.n)
	}
	return rows.Err()
}

const selectRuns = `SELECT seq, id, n FROM audit_run ORDER BY seq`

const countEntries = `SELECT count(*) FROM audit_entry`

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
