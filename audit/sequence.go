package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

const (
	leaseName  = "audit"
	leaseTime  = 4 * time.Second // what others wait when this node dies
	leaseEvery = 16              // chunks between two renewals
	chunkSize  = 8 * tileWidth   // entries in one transaction or few more, so that nobody waits behind it
	leafGap    = 64              // ids of other entries that are read in passing
)

// errOvertaken says that somebody else has sequenced since the edge was read.
var errOvertaken = errors.New("another sequencer has moved the log on")

// Sequence gives every pending entry its place, in transactions of about
// 2,048 entries, each with its tiles, counters and checkpoint. It returns how many it
// has placed: 0 when nothing was pending, or when another node holds the lease
// and does the work.
func (l *Log) Sequence(ctx context.Context) (n int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sequence(ctx)
}

// sequence is Sequence for a holder of mu.
func (l *Log) sequence(ctx context.Context) (n int, err error) {
	for i := 0; ; i++ {
		pending, err := l.pending(ctx)
		if err != nil || len(pending.rows) == 0 {
			return n, err
		}
		if i%leaseEvery == 0 {
			if ok, err := l.lease(ctx); err != nil || !ok {
				return n, err
			}
		}
		err = l.place(ctx, pending)
		if errors.Is(err, errOvertaken) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		n += len(pending.leaves)
		if len(pending.leaves) < chunkSize {
			return n, nil
		}
	}
}

// lease takes or renews the lease. A new fence means that another node may have
// worked since, so the edge is read again.
func (l *Log) lease(ctx context.Context) (bool, error) {
	fence, ok, err := l.data.Lease(ctx, leaseName, l.owner, leaseTime)
	if err != nil || !ok {
		l.edge = nil
		return false, err
	}
	if l.edge != nil && l.fence == fence {
		return true, nil
	}
	l.edge, l.fence = nil, fence
	return true, l.data.Read(ctx, func(r *db.Snapshot) error {
		s, err := readState(ctx, r)
		if err != nil {
			return err
		}
		if s.signer != l.Key() {
			return fault.New(fault.Conflict, "the log is signed by the key %s now, and %s holds %s: copy the key file from the node that rotated it", s.signer, l.file, l.Key())
		}
		if l.edge, err = readSoundEdge(ctx, r, s.size); err != nil {
			return err
		}
		l.last, _, err = readRun(ctx, r, lastRun)
		return err
	})
}

// readSoundEdge reads the right edge and refuses one that does not fit the newest
// checkpoint: a sequencer must not sign over damage.
func readSoundEdge(ctx context.Context, r db.Reader, size int64) (*edge, error) {
	e, err := readEdge(ctx, r, size)
	if err != nil {
		return nil, err
	}
	if size == 0 {
		return e, nil
	}
	c, err := readCheckpoint(ctx, r)
	if err != nil {
		return nil, err
	}
	if c.Size != size || c.Root != e.root() {
		return nil, fault.New(fault.Conflict, "the log's tiles do not fit its checkpoint of %d entries: it was changed from outside; run audit verify and restore it", size)
	}
	return e, nil
}

// A leaf is a pending entry on its way into the tree.
type leaf struct {
	id      ID
	hash    tlog.Hash
	at      time.Time
	control policy.Control
	also    []policy.Control // further ones, of the few entries that have them
}

// A harvest is pending entries on their way into the tree, ascending by id, and
// the rows of audit_pending that name them.
type harvest struct {
	leaves []leaf
	rows   []int64
}

// pending reads the next entries without a place, and hashes those that this process
// has not just written.
func (l *Log) pending(ctx context.Context) (h harvest, err error) {
	err = l.data.Read(ctx, func(r *db.Snapshot) error {
		w, err := readPending(ctx, r, chunkSize)
		if err != nil {
			return err
		}
		known, rest := l.fresh.take(w)
		h = harvest{rows: w.rows, leaves: known}
		if len(rest.list) == 0 {
			return nil
		}
		for _, ids := range rest.ranges(leafGap) {
			if err := h.read(ctx, r, rest, ids); err != nil {
				return err
			}
		}
		slices.SortFunc(h.leaves, func(a, b leaf) int { return cmp.Compare(a.id, b.id) })
		return nil
	})
	return h, err
}

// read adds the entries of a range of ids that wait.
func (h *harvest) read(ctx context.Context, r db.Reader, w waiting, ids [2]int64) error {
	rows, err := r.Query(ctx, selectLeaves, ids[0], ids[1])
	if err != nil {
		return fmt.Errorf("audit pending: %w", err)
	}
	defer rows.Close()
	var room Fields
	var shown []policy.Control
	for rows.Next() {
		var f leaf
		var public, sealed []byte
		if err := rows.Scan(&f.id, &public, &sealed); err != nil {
			return fmt.Errorf("audit pending: %w", err)
		}
		if !w.has(f.id) {
			continue
		}
		d, err := decodeInto(public, room[:0])
		if err != nil {
			return fmt.Errorf("audit pending entry %d: %w", f.id, err)
		}
		room = d.Fields
		f.hash, f.at = leafHash(public, sealedHash(sealed)), d.At
		if shown = d.Fields.appendControls(shown[:0]); len(shown) > 0 {
			f.control = shown[0]
			f.also = append(f.also, shown[1:]...)
		}
		h.leaves = append(h.leaves, f)
	}
	return rows.Err()
}

// A batch is all that one transaction of the sequencer writes.
type batch struct {
	from, fence int64 // size and fence the tree had
	last        run   // of the order, once written
	harvest
	tiles      map[[2]int64][]byte
	counts     []Count
	checkpoint Checkpoint
	signer     string
}

// place gives the leaves their numbers and signs the tree they make. On any error
// the edge is forgotten, because what is stored is then for the database to say.
func (l *Log) place(ctx context.Context, h harvest) (err error) {
	defer func() {
		if err != nil {
			l.edge = nil
		}
	}()
	if l.edge == nil {
		return errOvertaken
	}
	grown := l.edge.clone()
	b, err := grow(grown, h)
	if err != nil {
		return err
	}
	s := l.signer.Load()
	b.fence, b.signer = l.fence, s.public
	if b.checkpoint, err = sign(Checkpoint{Origin: l.origin, Size: grown.size, Root: grown.root()}, s); err != nil {
		return err
	}
	if err := l.data.Tx(ctx, func(tx *db.Tx) error { return b.write(ctx, tx, l.last) }); db.Lost(err) {
		return errOvertaken
	} else if err != nil {
		return err
	}
	l.edge, l.last = grown, b.last
	return nil
}

// grow adds the leaves to the tree and collects the tiles and counters to write.
func grow(e *edge, h harvest) (*batch, error) {
	b := &batch{from: e.size, harvest: h, tiles: map[[2]int64][]byte{}}
	for _, f := range h.leaves {
		b.count(f, e.size)
		err := e.add(f.hash, func(t tile) error {
			b.tiles[[2]int64{int64(t.level), t.n}] = joinHashes(t.hashes)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, t := range e.partial() {
		if t.level == 0 || (e.size>>(tileHeight*t.level)) != (b.from>>(tileHeight*t.level)) {
			b.tiles[[2]int64{int64(t.level), t.n}] = joinHashes(t.hashes)
		}
	}
	return b, nil
}

// count counts an entry as evidence for each control that it shows.
func (b *batch) count(f leaf, seq int64) {
	b.countFor(f.control, day(f.at), seq)
	for _, c := range f.also {
		b.countFor(c, day(f.at), seq)
	}
}

func (b *batch) countFor(control policy.Control, d, seq int64) {
	if control == "" {
		return
	}
	for i := range b.counts {
		if c := &b.counts[i]; c.Control == control && c.day == d {
			c.N++
			c.Last = seq
			return
		}
	}
	b.counts = append(b.counts, Count{Control: control, day: d, N: 1, Last: seq})
}

// write writes the batch, or nothing when the log is not as it was read.
func (b *batch) write(ctx context.Context, tx *db.Tx, last run) error {
	n, err := tx.Exec(ctx, moveState, b.checkpoint.Size, b.fence, b.from, b.signer)
	if err != nil {
		return fmt.Errorf("audit sequence: %w", err)
	}
	if n != 1 {
		return errOvertaken
	}
	for _, id := range b.rows {
		tx.Do(endPending, id)
	}
	if err := b.placeRuns(ctx, tx, last); err != nil {
		return err
	}
	for place, hashes := range b.tiles {
		if _, err := tx.Exec(ctx, putTile, place[0], place[1], hashes); err != nil {
			return fmt.Errorf("audit tile: %w", err)
		}
	}
	for _, c := range b.counts {
		if _, err := tx.Exec(ctx, addCount, string(c.Control), c.day, c.N, c.Last); err != nil {
			return fmt.Errorf("audit count: %w", err)
		}
		if _, err := tx.Exec(ctx, addTotal, string(c.Control), c.N, c.day, c.Last); err != nil {
			return fmt.Errorf("audit total: %w", err)
		}
	}
	if _, err := tx.Exec(ctx, putCheckpoint, day(tx.Now()), b.checkpoint.Size, b.checkpoint.Note); err != nil {
		return fmt.Errorf("audit checkpoint: %w", err)
	}
	return nil
}

// placeRuns writes the order of the leaves, a run of consecutive ids at a time,
// after the last run of the order, and the list of each subject's own.
func (b *batch) placeRuns(ctx context.Context, tx *db.Tx, last run) error {
	for i := 0; i < len(b.leaves); {
		j := i + 1
		for j < len(b.leaves) && b.leaves[j].id == b.leaves[j-1].id+1 {
			j++
		}
		p := run{b.from + int64(i), b.leaves[i].id, int64(j - i)}
		if _, err := tx.Exec(ctx, addOwn, p.id, p.id+p.n); err != nil {
			return fmt.Errorf("audit sequence: %w", err)
		}
		var n int64
		var err error
		if last.n > 0 && last.id+last.n == p.id {
			n, err = tx.Exec(ctx, growRun, p.n, last.seq, p.id)
			last.n += p.n
		} else {
			n, err = tx.Exec(ctx, addRun, p.seq, p.id, p.n)
			last = p
		}
		if err != nil {
			return fmt.Errorf("audit sequence: %w", err)
		}
		if n != 1 {
			return errOvertaken
		}
		i = j
	}
	b.last = last
	return nil
}

// Run sequences once a second until ctx ends, and returns nil then; it also lets go of
// what was opened with keys that are no longer held in memory. It returns
// an error only when the database has failed; others are logged and tried again.
func (l *Log) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-l.data.Failed():
			return l.data.Err()
		case <-tick.C:
		}
		l.tail.fade()
		_, err := l.Sequence(ctx)
		if err != nil && ctx.Err() == nil && fault.Of(err) != fault.Busy {
			slog.ErrorContext(ctx, "the log could not be sequenced", "log", l.origin, "error", err)
		}
	}
}
