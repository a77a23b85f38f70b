package archive

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/journal"
)

// A Source is what an archive is made of.
type Source struct {
	Platform string // "" for the server store
	DB       *db.DB

	// Journals are the heads of the platform's erasure journals, one a node,
	// taken before Write is called, so that an erasure that is journaled
	// meanwhile is carried out again after a restore. Data and keys have one at
	// least, the server store none.
	Journals []journal.Head

	// Epoch gives the number of the epoch that a keys store is wrapped in, and
	// fault.Busy while the keys are moving to another. It is asked before and
	// after. Other stores have none.
	Epoch func(context.Context) (int64, error)

	Log LogMark // of a data store
}

// Progress is told how many rows are done, and of how many. It may be nil.
type Progress func(done, total int64)

const (
	blockRows  = 500       // as many as one transaction loads
	blockBytes = 256 << 10 // a block is closed once it has as much
)

// Create writes an archive to the new file path (mode 0600), reads it back, and
// gives it its name only when every checksum is right and it is on the disk. It
// returns fault.Conflict when the file exists.
func Create(ctx context.Context, path string, s Source, p Progress) (Manifest, error) {
	if _, err := os.Lstat(path); err == nil {
		return Manifest{}, exists(path)
	}
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*") // 0600
	if err != nil {
		return Manifest{}, fmt.Errorf("archive create: %w", err)
	}
	defer os.Remove(tmp.Name())
	m, err := Write(ctx, tmp, s, p)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return Manifest{}, fmt.Errorf("archive create: %w", err)
	}
	if _, err := Check(ctx, tmp.Name(), nil); err != nil {
		return Manifest{}, fmt.Errorf("archive create, read back: %w", err)
	}
	if err := os.Link(tmp.Name(), path); errors.Is(err, fs.ErrExist) {
		return Manifest{}, exists(path)
	} else if err != nil {
		return Manifest{}, fmt.Errorf("archive create: %w", err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return Manifest{}, fmt.Errorf("archive create: %w", err)
	}
	return m, errors.Join(d.Sync(), d.Close())
}

func exists(path string) error {
	return fault.New(fault.Conflict, "%s exists already, and an archive is never overwritten; give another name", path)
}

// Write writes an archive of one consistent snapshot of the store to w, in
// constant memory. Writing to the store goes on meanwhile; on SQLite its
// write-ahead log cannot be emptied until Write returns.
func Write(ctx context.Context, w io.Writer, s Source, p Progress) (Manifest, error) {
	m, err := s.manifest(ctx)
	if err != nil {
		return Manifest{}, err
	}
	buffer := bufio.NewWriterSize(w, 1<<16)
	out, err := newBlockWriter(buffer)
	if err != nil {
		return Manifest{}, fmt.Errorf("archive write: %w", err)
	}
	err = s.DB.Read(ctx, func(r *db.Snapshot) error {
		tables, err := m.describe(ctx, s.DB, r)
		if err != nil {
			return err
		}
		return newWriter(out, m, p).tables(ctx, r, tables)
	})
	if err == nil {
		err = s.same(ctx, m.Epoch)
	}
	if err == nil {
		err = out.end()
	}
	if err == nil {
		err = buffer.Flush()
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("archive write: %w", err)
	}
	return *m, nil
}

// manifest begins the manifest, of what is known before the snapshot.
func (s Source) manifest(ctx context.Context) (*Manifest, error) {
	store := s.DB.Store()
	server := store == db.Server
	switch {
	case server != (s.Platform == "") || server != (len(s.Journals) == 0):
		return nil, fault.New(fault.Invalid, "an archive of the %s store needs the platform and the head of its erasure journal (the server store has neither)", store)
	case (store == db.Keys) != (s.Epoch != nil):
		return nil, fault.New(fault.Invalid, "an archive of the %s store: the epoch belongs to archives of keys, and to them alone", store)
	}
	m := &Manifest{
		Format: Format, Platform: s.Platform, Store: store, Engine: s.DB.Engine(),
		At: s.DB.Now(), Journals: s.Journals, Log: s.Log,
	}
	if s.Epoch != nil {
		epoch, err := s.Epoch(ctx)
		if err != nil {
			return nil, fmt.Errorf("archive epoch: %w", err)
		}
		m.Epoch = epoch
	}
	return m, nil
}

// same refuses an archive whose keys moved to another epoch meanwhile.
func (s Source) same(ctx context.Context, epoch int64) error {
	if s.Epoch == nil {
		return nil
	}
	now, err := s.Epoch(ctx)
	if err == nil && now != epoch {
		err = fault.New(fault.Busy, "the keys moved to epoch %d while they were archived; write the archive again", now)
	}
	return err
}

// describe adds the tables, and the migrations that made them.
func (m *Manifest) describe(ctx context.Context, d *db.DB, r db.Reader) ([]db.Table, error) {
	var err error
	if m.Migrations, err = d.Migrations(ctx, r); err != nil {
		return nil, err
	}
	tables, err := d.Catalogue(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		n, err := t.Count(ctx, r)
		if err != nil {
			return nil, err
		}
		m.Tables = append(m.Tables, Table{t.Name, t.Columns, n})
	}
	return tables, nil
}

// A writer writes the tables of one archive.
type writer struct {
	out      *blockWriter
	manifest *Manifest
	progress Progress
	total    int64
	done     int64

	rows  []byte // of the block
	count int    // of them
	body  bytes.Buffer
	pack  *flate.Writer
}

func newWriter(out *blockWriter, m *Manifest, p Progress) *writer {
	if p == nil {
		p = func(int64, int64) {}
	}
	w := &writer{out: out, manifest: m, progress: p, total: m.Rows()}
	w.pack, _ = flate.NewWriter(&w.body, flate.BestSpeed) // fails for other levels only
	return w
}

func (w *writer) tables(ctx context.Context, r db.Reader, tables []db.Table) error {
	head, err := w.manifest.MarshalJSON()
	if err != nil {
		return err
	}
	if err := w.out.block(kindManifest, head); err != nil {
		return err
	}
	for i, t := range tables {
		if err := w.table(ctx, r, t, w.manifest.Tables[i].Rows); err != nil {
			return fmt.Errorf("table %s, after %d rows of all: %w", t.Name, w.done, err)
		}
	}
	return nil
}

func (w *writer) table(ctx context.Context, r db.Reader, t db.Table, want int64) error {
	if err := w.out.block(kindTable, []byte(t.Name)); err != nil {
		return err
	}
	sum := sha256.New()
	before := w.done
	err := t.Each(ctx, r, func(row []any) (err error) {
		if w.rows, err = appendRow(w.rows, t.Columns, row); err != nil {
			return err
		}
		w.count++
		if w.count < blockRows && len(w.rows) < blockBytes {
			return nil
		}
		return errors.Join(ctx.Err(), w.flush(sum))
	})
	if err == nil {
		err = w.flush(sum)
	}
	if err == nil && w.done-before != want {
		err = fmt.Errorf("%d rows, and %d when they were counted", w.done-before, want)
	}
	if err != nil {
		return err
	}
	return w.out.block(kindTableEnd, sum.Sum(binary.BigEndian.AppendUint64(nil, uint64(want))))
}

// flush writes the rows that wait as one block.
func (w *writer) flush(sum hash.Hash) error {
	if w.count == 0 {
		return nil
	}
	if len(w.rows) > maxBody {
		return errLarge
	}
	sum.Write(w.rows)
	w.body.Reset()
	w.body.Write(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(w.count)), uint64(len(w.rows))))
	w.pack.Reset(&w.body)
	if _, err := w.pack.Write(w.rows); err != nil {
		return err
	}
	if err := w.pack.Close(); err != nil {
		return err
	}
	if err := w.out.block(kindRows, w.body.Bytes()); err != nil {
		return err
	}
	w.done += int64(w.count)
	w.rows, w.count = w.rows[:0], 0
	w.progress(w.done, w.total)
	return nil
}
