package subject_test

import (
	"bytes"
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/subject"
)

func TestAVerifiedExclusiveIdentifierBelongsToOne(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		digest := func(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }
		for _, c := range []struct {
			name  string
			who   int64
			it    subject.Identifier
			wants bool
		}{
			{"the first", 1, subject.Identifier{Digest: digest(1), Verified: true, Exclusive: true}, true},
			{"the same again", 1, subject.Identifier{Digest: digest(1), Verified: true, Exclusive: true}, true},
			{"another's", 2, subject.Identifier{Digest: digest(1), Verified: true, Exclusive: true}, false},
			{"another digest", 2, subject.Identifier{Digest: digest(2), Verified: true, Exclusive: true}, true},
			{"of a retained class", 2, subject.Identifier{Digest: digest(1), Verified: true, Exclusive: true, Class: 3}, true},
			{"another's, shared", 3, subject.Identifier{Digest: digest(1), Verified: true}, true},
			{"another's, claimed", 4, subject.Identifier{Digest: digest(1), Exclusive: true}, true},
			{"claimed before", 4, subject.Identifier{Digest: digest(1), Verified: true, Exclusive: true}, true}, // changes nothing
			{"the first of several who claim it", 5, subject.Identifier{Digest: digest(5), Exclusive: true}, true},
			{"verified by another", 6, subject.Identifier{Digest: digest(5), Verified: true, Exclusive: true}, true},
		} {
			a := d.NewAct()
			c.it.Kind = "email"
			subject.Identify(a, c.who, c.it)
			if err := d.Commit(t.Context(), a); db.Constraint(err) == c.wants || c.wants && err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		a := d.NewAct() // given up and taken in one
		subject.Forget(a, 1, digest(1))
		subject.Identify(a, 7, subject.Identifier{Kind: "email", Digest: digest(1), Verified: true, Exclusive: true})
		if err := d.Commit(t.Context(), a); err != nil {
			t.Errorf("what was given up cannot be taken: %v", err)
		}
	})
}
