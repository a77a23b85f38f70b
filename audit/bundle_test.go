package audit

import (
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
)

func TestABundleHashesToItsTile(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.fill(300) // 301 entries
		w.fill(20)  // in a run of their own, or not
		for _, x := range []struct {
			n     int64
			width int
			ok    bool
		}{{0, 256, true}, {0, 1, true}, {0, 100, true}, {1, 45, true}, {1, 65, true}, {1, 66, false}, {2, 1, false}, {0, 0, false}, {0, 257, false}, {-1, 1, false}} {
			b, err := w.Bundle(t.Context(), x.n, x.width)
			if !x.ok {
				if fault.Of(err) != fault.NotFound {
					t.Errorf("bundle %+v: %d bytes, %v", x, len(b), err)
				}
				continue
			}
			tile, terr := w.Tile(t.Context(), 0, x.n, x.width)
			if err != nil || terr != nil {
				t.Fatal(err, terr)
			}
			for i := range x.width {
				n := int(b[0])<<8 | int(b[1])
				if h := tlog.RecordHash(b[2 : 2+n]); string(h[:]) != string(tile[i*32:i*32+32]) {
					t.Fatalf("bundle %+v: entry %d is not the leaf of its tile", x, i)
				}
				b = b[2+n:]
			}
			if len(b) != 0 {
				t.Errorf("bundle %+v: %d bytes too many", x, len(b))
			}
		}
	})
}
