package audit

import (
	"math/rand/v2"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// storage is tlog's own way of keeping a tree: the reference.
type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = s[x]
	}
	return out, nil
}

func TestTheEdgeGrowsTheTreeOfRFC6962(t *testing.T) {
	var ref storage
	e := &edge{}
	tiles := map[[2]int64][]byte{}
	const size = 70000 // past a tile of level 1
	for n := range int64(size) {
		var h tlog.Hash
		for i := range h {
			h[i] = byte(rand.Uint32())
		}
		hs, err := tlog.StoredHashesForRecordHash(n, h, ref)
		if err != nil {
			t.Fatal(err)
		}
		ref = append(ref, hs...)
		err = e.add(h, func(t tile) error {
			tiles[[2]int64{int64(t.level), t.n}] = joinHashes(t.hashes)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n > 1100 && n%997 != 0 && (n < 65530 || n > 65540) {
			continue
		}
		want, err := tlog.TreeHash(n+1, ref)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.root(); got != want {
			t.Fatalf("root of %d entries is %v, want %v", n+1, got, want)
		}
	}
	for _, p := range e.partial() {
		tiles[[2]int64{int64(p.level), p.n}] = joinHashes(p.hashes)
	}
	want := tlog.NewTiles(tileHeight, 0, size)
	last := map[[2]int64]tlog.Tile{}
	for _, w := range want {
		last[[2]int64{int64(w.L), w.N}] = w // the widest
	}
	if len(last) != len(tiles) {
		t.Errorf("%d tiles, want %d", len(tiles), len(last))
	}
	for key, w := range last {
		data, err := tlog.ReadTileData(w, ref)
		if err != nil {
			t.Fatal(err)
		}
		if string(tiles[key]) != string(data) {
			t.Errorf("tile %s differs", w.Path())
		}
	}
}

func TestTheEmptyTreeHasTheRootOfRFC6962(t *testing.T) {
	want, err := tlog.TreeHash(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := (&edge{}).root(); got != want {
		t.Errorf("root = %v, want %v", got, want)
	}
}

func TestAClonedEdgeGrowsOnItsOwn(t *testing.T) {
	none := func(tile) error { return nil }
	e := &edge{}
	for range 300 {
		if err := e.add(tlog.Hash{1}, none); err != nil {
			t.Fatal(err)
		}
	}
	root := e.root()
	c := e.clone()
	for range 300 {
		if err := c.add(tlog.Hash{2}, none); err != nil {
			t.Fatal(err)
		}
	}
	if e.root() != root || e.size != 300 || c.size != 600 {
		t.Error("the clone changed the original")
	}
}
