package archive

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"os"

	"github.com/avow-dev/avow/fault"
)

// Peek returns the manifest of an archive, without looking at its rows.
func Peek(path string) (Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("archive peek: %w", err)
	}
	defer f.Close()
	r, err := newReader(bufio.NewReader(f))
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", path, err)
	}
	return r.manifest, nil
}

// Check reads an archive from its first to its last byte. It returns
// fault.Invalid, naming the place, when anything in it is wrong.
func Check(ctx context.Context, path string, p Progress) (Manifest, error) {
	m, _, err := readFile(ctx, path, p, func(Table, [][]any) error { return nil })
	return m, err
}

// A digest is the SHA-256 of the rows of a table.
type digest [sha256.Size]byte

// readFile reads the archive path and gives rows to fn.
func readFile(ctx context.Context, path string, p Progress, fn func(Table, [][]any) error) (Manifest, map[string]digest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Manifest{}, nil, fmt.Errorf("archive read: %w", err)
	}
	defer f.Close()
	m, sums, err := readAll(ctx, bufio.NewReaderSize(f, 1<<16), p, fn)
	if err != nil {
		return m, nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, sums, nil
}

// readAll reads an archive to its end. fn gets the rows as they come, some of one
// table at a time, before anything behind them is known to be right.
func readAll(ctx context.Context, from io.Reader, p Progress, fn func(Table, [][]any) error) (Manifest, map[string]digest, error) {
	r, err := newReader(from)
	if err != nil {
		return Manifest{}, nil, err
	}
	if p == nil {
		p = func(int64, int64) {}
	}
	total := r.manifest.Rows()
	sums := map[string]digest{}
	for _, t := range r.manifest.Tables {
		sums[t.Name], err = r.table(t, func(rows [][]any) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			p(r.done, total)
			return fn(t, rows)
		})
		if err != nil {
			return r.manifest, nil, err
		}
	}
	r.place = "after the last table"
	if _, err := r.next(kindEnd); err != nil {
		return r.manifest, nil, err
	}
	return r.manifest, sums, nil
}

// A reader reads one archive.
type reader struct {
	in       *blockReader
	manifest Manifest
	place    string // what is being read
	done     int64  // rows of all tables
	raw      bytes.Buffer
}

// newReader reads up to the end of the manifest.
func newReader(from io.Reader) (*reader, error) {
	in, err := newBlockReader(from)
	if err != nil {
		return nil, fault.New(fault.Invalid, "this is not an archive of avow; name the right file")
	}
	r := &reader{in: in, place: "in the manifest"}
	body, err := r.next(kindManifest)
	if err != nil {
		return nil, err
	}
	if err := r.manifest.UnmarshalJSON(body); err != nil {
		return nil, err
	}
	if f := r.manifest.Format; f != Format {
		return nil, fault.New(fault.Invalid, "the archive has format %d, and this program reads format %d; use the avow that wrote it, or a later one", f, Format)
	}
	return r, nil
}

// next returns the body of the next block, which must be of this kind.
func (r *reader) next(want byte) ([]byte, error) {
	kind, body, err := r.in.next()
	if err == nil && kind != want {
		err = errOrder
	}
	return body, r.damaged(err)
}

// damaged says where in the archive err happened.
func (r *reader) damaged(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Invalid, err, "the archive is damaged %s, in the block at byte %d: %v; use another copy of it", r.place, r.in.at, err)
}

// table reads one table and gives its rows to fn.
func (r *reader) table(t Table, fn func([][]any) error) (sum digest, err error) {
	r.place = "at the beginning of table " + t.Name
	name, err := r.next(kindTable)
	if err == nil && string(name) != t.Name {
		err = r.damaged(errOrder)
	}
	if err != nil {
		return sum, err
	}
	all := sha256.New()
	for n := int64(0); ; {
		r.place = fmt.Sprintf("in table %s, after %d rows", t.Name, n)
		kind, body, err := r.in.next()
		if err == nil && kind == kindTableEnd {
			want := all.Sum(binary.BigEndian.AppendUint64(nil, uint64(n)))
			if n != t.Rows || !bytes.Equal(body, want) {
				return sum, r.damaged(fmt.Errorf("%d rows are announced and %d are here, or they are other ones", t.Rows, n))
			}
			return digest(want[8:]), nil
		}
		if err == nil && kind != kindRows {
			err = errOrder
		}
		var rows [][]any
		if err == nil {
			rows, err = r.rows(body, t)
		}
		if err != nil {
			return sum, r.damaged(err)
		}
		all.Write(r.raw.Bytes())
		n += int64(len(rows))
		r.done += int64(len(rows))
		if err := fn(rows); err != nil {
			return sum, fmt.Errorf("table %s, after %d rows: %w", t.Name, n-int64(len(rows)), err)
		}
	}
}

// rows takes a block of rows apart; r.raw has them inflated afterwards.
func (r *reader) rows(body []byte, t Table) ([][]any, error) {
	count, n := binary.Uvarint(body)
	if n <= 0 || count == 0 || count > blockRows {
		return nil, errRow
	}
	body = body[n:]
	size, n := binary.Uvarint(body)
	if n <= 0 || size > maxBody {
		return nil, errRow
	}
	if err := r.inflate(body[n:], int64(size)); err != nil {
		return nil, err
	}
	rows := make([][]any, 0, count)
	rest := r.raw.Bytes()
	for range count {
		row, after, err := parseRow(rest, t.Columns)
		if err != nil {
			return nil, err
		}
		rows, rest = append(rows, row), after
	}
	if len(rest) > 0 {
		return nil, errRow
	}
	return rows, nil
}

// inflate puts exactly size bytes into r.raw, from all of b.
func (r *reader) inflate(b []byte, size int64) error {
	from := bytes.NewReader(b)
	unpack := flate.NewReader(from)
	r.raw.Reset()
	if _, err := io.Copy(&r.raw, io.LimitReader(unpack, size+1)); err != nil {
		return errRow
	}
	if int64(r.raw.Len()) != size || from.Len() > 0 {
		return errRow
	}
	return nil
}
