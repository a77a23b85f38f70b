package vault_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// A record of the journal has room for 256 digests; somebody who comes by every day with
// a cookie of its own has more.
func TestWhoHasManyIdentifiersIsErasedToo(t *testing.T) {
	s := newStack(t, db.SQLite, "order.history:", "shop.cookie: {title: {en: Cookie, zh-CN: 标识}, category: user.device.cookie_id, type: cookie, source: given, at: [order], purposes: [orders], keep: account, list: true, identifier: cookie-id}\n  order.history:")
	num := s.person(email, phone)
	const cookies = 600
	for from := 0; from < cookies; from += 50 {
		var given []policy.Given
		for i := range 50 {
			given = append(given, policy.Given{Item: "shop.cookie", Value: fmt.Sprintf("cookie-%032d", from+i), Voluntary: true})
		}
		if r := s.collect(num, "order", given...); len(r) > 0 {
			t.Fatalf("refused: %v", r[0])
		}
	}
	s.erase(vault.Erasure{Subject: num, Everything: true})
	if got := s.facts(num).State; got != subject.Erased {
		t.Errorf("state %s, want erased", got)
	}
	all, err := s.journal.All()
	s.must(err)
	digests := map[journal.Digest]bool{}
	for _, r := range all {
		for _, d := range r.Digests {
			digests[d] = true
		}
	}
	if n, err := s.vault.Reapply(t.Context(), all); n != 1 || err != nil {
		t.Errorf("one erasure was carried out again %d times, %v", n, err)
	}
	if len(digests) != cookies+2 {
		t.Errorf("the journal knows %d identifiers of %d", len(digests), cookies+2)
	}
}

// classesOf lists the class of each row.
func (s *stack) classesOf(num int64) (out []policy.ClassNo) {
	s.t.Helper()
	held, err := s.vault.Holdings(s.t.Context(), num)
	s.must(err)
	for _, h := range held {
		out = append(out, h.Class)
	}
	slices.Sort(out)
	return out
}

// An archive may have a hold that had ended when somebody was erased: what the hold kept
// went with the rest, and goes again. What was kept is kept again.
func TestARestoreErasesAgainWhatAHoldKeptBefore(t *testing.T) {
	for _, kept := range []bool{false, true} {
		s := newStack(t, db.SQLite)
		now, archived := s.person(email, phone), s.person(secondMail, phone)
		for _, num := range []int64{now, archived} {
			s.order(num, "two lamps")
			s.holdAll(num)
		}
		if !kept {
			s.endHold(now)
		}
		s.erase(vault.Erasure{Subject: now, Everything: true, KeepLawful: true})
		want := s.classesOf(now)
		records, err := s.journal.All()
		s.must(err)
		for i := range records {
			records[i].Subject = string(s.facts(archived).ID)
		}
		_, err = s.vault.Reapply(t.Context(), records)
		s.must(err)
		if got := s.classesOf(archived); !slices.Equal(got, want) {
			t.Errorf("held at the erasure: %v; classes %d were left, and %d after it was carried out again", kept, want, got)
		}
	}
}
