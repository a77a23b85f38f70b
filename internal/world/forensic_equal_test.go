package world

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
)

// TestEqualValuesAreNeverEqualInTheStores gives the same values again and again, by
// one person and by several, and compares every stored byte of all tables with every
// other: no 16 bytes that something sealed holds come twice, and no column of bytes
// has one value in two rows. Blind indexes do: that is what they are for.
func TestEqualValuesAreNeverEqualInTheStores(t *testing.T) {
	Each(t, Options{People: 2}, func(w *World) {
		lin, ann := w.People[0], w.People[1]
		for range 6 {
			for _, p := range []*Person{lin, ann} {
				w.Collect(p, "web", policy.Given{Item: "order.history", Value: "the same camera, the same parcel", Voluntary: true})
				w.Collect(p, "app", policy.Given{Item: "log.app", Value: "opened the same page at the same time", Voluntary: true})
			}
		}
		for range 3 {
			w.Must(w.P.Correct(context.Background(), lin.ID, "account.nickname", avow.NewPersonal(lin.Marker("account.nickname").Value), avow.Actor{Role: "self"}))
			w.Answered(audit.Corrected)
		}
		for range 2 {
			for _, p := range []*Person{lin, ann} {
				w.Approved(Asked(policy.Access, p.Email()))
			}
		}
		w.equals()
	})
}

// indexes are the columns that hold one value in several rows by intent.
func indexes() []string {
	return []string{"identifier.digest", "suppression.digest"}
}

// equals looks for bytes that come twice.
func (w *World) equals() {
	w.Helper()
	windows, columns, scanned := map[[16]byte]string{}, map[string]int{}, 0
	for _, store := range []db.Store{db.Data, db.Keys} {
		whole := map[string]string{}
		for i, r := range w.rows(store, ID) {
			for name, v := range r.values {
				b, ok := v.([]byte)
				column := r.table + "." + name
				if !ok || len(b) < 16 || slices.Contains(indexes(), column) {
					continue
				}
				at := fmt.Sprintf("%s (row %d)", column, i)
				if before, ok := whole[column+string(b)]; ok {
					w.Errorf("%s holds the same bytes as %s", at, before)
				}
				whole[column+string(b)] = at
				if !sealed(column) {
					continue
				}
				columns[column]++
				for j := 0; j+16 <= len(b); j++ {
					scanned++
					x := [16]byte(b[j:])
					if before, ok := windows[x]; ok {
						w.Errorf("16 bytes of %s stand in %s too", at, before)
						break
					}
					windows[x] = at
				}
			}
		}
	}
	w.Logf("%d windows of 16 bytes in %v", scanned, columns)
	for _, want := range []string{"vault_row.sealed", "rights_request.details", "data_key.wrapped", "audit_entry.sealed"} {
		if columns[want] < 4 {
			w.Errorf("only %d rows of %s were looked at", columns[want], want)
		}
	}
}

// sealed reports whether a column holds what a key has sealed.
func sealed(column string) bool {
	_, name, _ := strings.Cut(column, ".")
	return name == "sealed" || name == "wrapped" || name == "details"
}
