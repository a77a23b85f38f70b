package audit

import (
	"testing"

	"github.com/avow-dev/avow/internal/db"
)

// A kept hash beside a sealed part would vouch for whatever the sealed part is
// changed into. SQLite refuses such a row; on PostgreSQL Verify finds it.
func TestAKeptHashVouchesForNothingButAPrunedEntry(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fill(20)
		w.sequence()
		hash := sealedHash(w.blob(`SELECT sealed FROM audit_entry WHERE id = 4`))
		for _, row := range []struct {
			what        string
			sealed      any
			hash, prune any
		}{
			{"another sealed part, the hash of the old one", []byte("something else"), hash[:], nil},
			{"a hash in place of the sealed part, and no pruning", nil, hash[:], nil},
			{"both, under the name of a pruning", []byte("something else"), hash[:], int64(5)},
		} {
			set := `UPDATE audit_entry SET sealed = $1, hash = $2, pruned = $3 WHERE id = 4`
			if w.data.Engine() == db.SQLite {
				err := w.data.Tx(t.Context(), func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), set, row.sealed, row.hash, row.prune)
					return err
				})
				if !db.Constraint(err) {
					t.Errorf("%s: SQLite took it: %v", row.what, err)
				}
				continue
			}
			w.exec(set, row.sealed, row.hash, row.prune)
			r, err := w.Verify(t.Context(), Verify{})
			if err != nil {
				t.Fatal(err)
			}
			first(t, r, 3, "entry")
		}
	})
}
