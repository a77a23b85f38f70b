package audit

import "golang.org/x/mod/sumdb/tlog"

// Tiles have height 8: 256 hashes each (C2SP tlog-tiles).
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// An edge is the right edge of the tree: at each level the hashes of the tile
// that is not full yet. It is all that growing a tree needs.
type edge struct {
	size   int64
	levels [][]tlog.Hash // levels[l]: fewer than 256 roots of full subtrees of 256^l entries
}

// A tile is the place and the hashes of one tile of the tree.
type tile struct {
	level  int
	n      int64
	hashes []tlog.Hash
}

// clone returns a copy that grows on its own.
func (e *edge) clone() *edge {
	c := &edge{size: e.size, levels: make([][]tlog.Hash, len(e.levels))}
	for l, hs := range e.levels {
		c.levels[l] = append(make([]tlog.Hash, 0, tileWidth), hs...)
	}
	return c
}

// add appends the hash of one entry. full is called for each tile that this
// completes, from level 0 upward; the hashes are valid during the call.
func (e *edge) add(h tlog.Hash, full func(tile) error) error {
	e.size++
	for l, n := 0, e.size; ; l++ {
		if l == len(e.levels) {
			e.levels = append(e.levels, make([]tlog.Hash, 0, tileWidth))
		}
		e.levels[l] = append(e.levels[l], h)
		if len(e.levels[l]) < tileWidth {
			return nil
		}
		n >>= tileHeight
		if err := full(tile{l, n - 1, e.levels[l]}); err != nil {
			return err
		}
		h = subtree(e.levels[l])
		e.levels[l] = e.levels[l][:0]
	}
}

// partial returns the tiles of the edge that are neither empty nor full.
func (e *edge) partial() []tile {
	var tiles []tile
	for l, hs := range e.levels {
		if len(hs) > 0 {
			tiles = append(tiles, tile{l, e.size >> (tileHeight * (l + 1)), hs})
		}
	}
	return tiles
}

// root returns the RFC 6962 root over all entries added.
func (e *edge) root() tlog.Hash {
	var root tlog.Hash
	empty := true
	for _, hs := range e.levels { // small subtrees stand right of great ones
		for end, width := len(hs), 1; end > 0; width <<= 1 {
			if end&width == 0 {
				continue
			}
			left := subtree(hs[end-width : end])
			if empty {
				root, empty = left, false
			} else {
				root = tlog.NodeHash(left, root)
			}
			end -= width
		}
	}
	if empty {
		root, _ = tlog.TreeHash(0, nil)
	}
	return root
}

// subtree returns the root over 2^k hashes.
func subtree(hs []tlog.Hash) tlog.Hash {
	if len(hs) == 1 {
		return hs[0]
	}
	var room [tileWidth / 2]tlog.Hash
	row := room[:len(hs)/2]
	for i := range row {
		row[i] = tlog.NodeHash(hs[2*i], hs[2*i+1])
	}
	for len(row) > 1 {
		for i := range len(row) / 2 {
			row[i] = tlog.NodeHash(row[2*i], row[2*i+1])
		}
		row = row[:len(row)/2]
	}
	return row[0]
}

// joinHashes returns the bytes of a tile.
func joinHashes(hs []tlog.Hash) []byte {
	b := make([]byte, 0, len(hs)*tlog.HashSize)
	for i := range hs {
		b = append(b, hs[i][:]...)
	}
	return b
}
