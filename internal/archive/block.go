package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"
)

const (
	magic     = "avow/ar1"
	blockHead = 1 + 4
	blockSum  = 4
	maxBody   = 64 << 20
)

// The kinds of block.
const (
	kindManifest = 'M'
	kindTable    = 'T'
	kindRows     = 'R'
	kindTableEnd = 'E'
	kindEnd      = 'Z'
)

// A blockWriter writes the blocks of a file and sums them up.
type blockWriter struct {
	w   io.Writer
	sum hash.Hash // of all that was written
}

func newBlockWriter(w io.Writer) (*blockWriter, error) {
	b := &blockWriter{w, sha256.New()}
	return b, b.raw([]byte(magic))
}

func (b *blockWriter) raw(p []byte) error {
	b.sum.Write(p)
	_, err := b.w.Write(p)
	return err
}

func (b *blockWriter) block(kind byte, body []byte) error {
	if len(body) > maxBody {
		return errLarge
	}
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)))
	if err := b.raw(head); err != nil {
		return err
	}
	if err := b.raw(body); err != nil {
		return err
	}
	return b.raw(binary.BigEndian.AppendUint32(nil, checksum(head, body)))
}

// end writes the last block.
func (b *blockWriter) end() error { return b.block(kindEnd, b.sum.Sum(nil)) }

func checksum(head, body []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(head, table), table, body)
}

// What can be wrong with a block.
var (
	errCut   = errors.New("the file ends here")
	errSum   = errors.New("the checksum is wrong")
	errOrder = errors.New("something else is expected here")
	errLarge = errors.New("more than 64 MiB in one piece")
	errMore  = errors.New("something follows the end")
	errWhole = errors.New("the checksum of the whole file is wrong")
)

// A blockReader reads the blocks of a file one by one.
type blockReader struct {
	r    io.Reader
	sum  hash.Hash    // of the blocks read
	at   int64        // where the next block begins
	body bytes.Buffer // of the last block
}

func newBlockReader(r io.Reader) (*blockReader, error) {
	b := &blockReader{r: r, sum: sha256.New()}
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(r, head); err != nil || string(head) != magic {
		return nil, errOrder
	}
	b.sum.Write(head)
	b.at = int64(len(head))
	return b, nil
}

// next returns the next block. The body is valid until the next call. Memory
// grows with what is there, not with the size that a damaged head names.
func (b *blockReader) next() (kind byte, body []byte, err error) {
	var head [blockHead]byte
	if _, err := io.ReadFull(b.r, head[:]); err != nil {
		return 0, nil, cut(err)
	}
	size := int64(binary.BigEndian.Uint32(head[1:]))
	if size > maxBody {
		return 0, nil, errLarge
	}
	b.body.Reset()
	if _, err := io.CopyN(&b.body, b.r, size+blockSum); err != nil {
		return 0, nil, cut(err)
	}
	all := b.body.Bytes()
	body, sum := all[:size], all[size:]
	if checksum(head[:], body) != binary.BigEndian.Uint32(sum) {
		return 0, nil, errSum
	}
	if head[0] == kindEnd {
		return kindEnd, body, b.end(body)
	}
	b.sum.Write(head[:])
	b.sum.Write(all)
	b.at += blockHead + size + blockSum
	return head[0], body, nil
}

// end checks the last block, and that nothing follows.
func (b *blockReader) end(body []byte) error {
	if !bytes.Equal(body, b.sum.Sum(nil)) {
		return errWhole
	}
	var one [1]byte
	switch _, err := io.ReadFull(b.r, one[:]); err {
	case io.EOF:
		return nil
	case nil:
		return errMore
	default:
		return err
	}
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return err
}
