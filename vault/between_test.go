package vault_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// talking runs fn on both engines, with the policy of a shop whose people write to each
// other.
func talking(t *testing.T, fn func(t *testing.T, s *stack)) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			fn(t, newStack(t, e,
				"  browse: {title: {en: Browsing, zh-CN: 浏览}, surface: web}", "  browse: {title: {en: Browsing, zh-CN: 浏览}, surface: web}\n  talk: {title: {en: Talking, zh-CN: 聊天}, surface: web, remind: [phone]}",
				"  net.ip:", "  talk.text: {title: {en: What you say, zh-CN: 聊天内容}, category: user.content, type: text, source: given, at: [talk], purposes: [account], list: true, between: true, about_others: redact, keep: account}\n  net.ip:",
			))
		})
	}
}

const secondMail = "wang.wei@example.org"

// pair registers two people who may write to each other.
func (s *stack) pair() (lin, wei int64) {
	s.t.Helper()
	return s.person(email, phone), s.person(secondMail, phone)
}

func exchange(from, to int64, text string) vault.Exchange {
	return vault.Exchange{From: from, To: to, FromName: "Lin", ToName: "Wei", Point: "talk", Item: "talk.text", Value: text}
}

// says stores what one says to the other, and wants it let in.
func (s *stack) says(x vault.Exchange) {
	s.t.Helper()
	refusals, err := s.vault.Between(s.t.Context(), x)
	s.must(err)
	if len(refusals) > 0 {
		s.t.Fatalf("refused: %+v", refusals)
	}
}

// talked returns what is held of what somebody said and was told, as an export reads it.
func (s *stack) talked(num int64) (values []vault.Value) {
	s.t.Helper()
	for _, v := range s.exported(num) {
		if v.Item == s.item("talk.text") {
			values = append(values, v)
		}
	}
	return values
}

// exported returns every value of somebody.
func (s *stack) exported(num int64) (all []vault.Value) {
	s.t.Helper()
	s.must(s.vault.Read(s.t.Context(), s.warrant(num, gate.Export), gate.Export, s.facts(num), func(_ vault.Holding, values []vault.Value) error {
		all = append(all, values...)
		return nil
	}))
	return all
}

// warrant is leave to read or search the vault about somebody.
func (s *stack) warrant(num int64, action gate.Action) gate.Warrant {
	s.t.Helper()
	n, err := s.data.Number(s.t.Context(), "step")
	s.must(err)
	w, err := s.gate.Warrant(s.t.Context(), gate.Step{Request: "req_1", Number: n, System: vault.System, Action: action, Subject: s.facts(num)})
	s.must(err)
	return w
}

func TestWhatOneSaysToAnotherIsHeldForBothAndEachCopyOutlivesTheOther(t *testing.T) {
	talking(t, func(t *testing.T, s *stack) {
		lin, wei := s.pair()
		s.says(exchange(lin, wei, "the tall lamp is fine"))
		for num, other := range map[int64]string{lin: "Wei", wei: "Lin"} {
			got := s.talked(num)
			if len(got) != 1 || got[0].Text.Reveal() != "the tall lamp is fine" || strings.Join(got[0].Others(), " ") != other {
				t.Fatalf("of %d: %d values, named %q; want one that names %s", num, len(got), got[0].Others(), other)
			}
			if n := s.entries(num, audit.Collected); n != 2 { // that of the registration too
				t.Errorf("of %d: %d entries, want one of the message", num, n)
			}
		}
		s.erase(vault.Erasure{Subject: lin, Everything: true})
		if got := s.talked(wei); len(got) != 1 || got[0].Text.Reveal() != "the tall lamp is fine" {
			t.Errorf("after the other's erasure %d values are left", len(got))
		}
		if h, err := s.vault.Holdings(t.Context(), lin); err != nil || len(h) != 0 {
			t.Errorf("%d rows of who was erased, %v", len(h), err)
		}
	})
}

func TestWhatOneMayNotSayOrHearIsHeldForNeither(t *testing.T) {
	talking(t, func(t *testing.T, s *stack) {
		lin, wei := s.pair()
		stranger, err := s.data.Number(t.Context(), "subject")
		s.must(err)
		_, err = s.vault.Register(t.Context(), subject.New{Num: stranger, ID: subject.NewID(), Kind: subject.Natural, Age: subject.Adult}, vault.Collection{})
		s.must(err)
		number := exchange(lin, wei, "call me on 030 901820")
		nameless := exchange(lin, wei, "hello")
		nameless.ToName = " "
		for what, c := range map[string]struct {
			x    vault.Exchange
			of   int64 // whose record refuses it
			code string
		}{
			"who has not accepted hears it": {exchange(lin, stranger, "hello"), stranger, "ground.none"},
			"who has not accepted says it":  {exchange(stranger, lin, "hello"), stranger, "ground.none"},
			"a number before the reminder":  {number, lin, "point.remind"},
			"to nobody by name":             {nameless, lin, "item.no-other"},
			"at another place":              {vault.Exchange{From: lin, To: wei, FromName: "Lin", ToName: "Wei", Point: "order", Item: "talk.text", Value: "hello"}, lin, "item.point"},
		} {
			before := s.entries(c.of, audit.Refused)
			refusals, err := s.vault.Between(t.Context(), c.x)
			s.must(err)
			if len(refusals) != 1 || string(refusals[0].Code) != c.code {
				t.Errorf("%s: refused by %+v, want %s", what, refusals, c.code)
				continue
			}
			if text := refusals[0].Text; strings.Contains(text, c.x.Value) || strings.Contains(text, "901820") || strings.Contains(text, "Wei") || refusals[0].Pos.Line == 0 {
				t.Errorf("%s: %q at %v tells what was said, or no place", what, text, refusals[0].Pos)
			}
			if n := s.entries(c.of, audit.Refused) - before; n != 1 {
				t.Errorf("%s: %d entries of the refusal, want 1", what, n)
			}
		}
		for _, num := range []int64{lin, wei} {
			if got := s.talked(num); len(got) != 0 {
				t.Errorf("%d holds %d refused messages", num, len(got))
			}
			if n := s.entries(num, audit.Collected); n != 1 {
				t.Errorf("of %d: %d entries of collections, want that of the registration alone", num, n)
			}
		}
		number.Reminded = true
		s.says(number)
		if len(s.talked(lin)) != 1 || len(s.talked(wei)) != 1 {
			t.Error("after the reminder the number is not held for both")
		}
	})
}

func TestAnExchangeIsBetweenTwoPeopleAndOfWhatPassesBetweenThem(t *testing.T) {
	talking(t, func(t *testing.T, s *stack) {
		lin, wei := s.pair()
		other := exchange(lin, wei, "lamp")
		other.Item, other.Point = "order.history", "order"
		unknown := exchange(lin, wei, "lamp")
		unknown.Item = "talk.tone"
		for what, c := range map[string]struct {
			x    vault.Exchange
			want fault.Kind
			says string
		}{
			"of oneself":          {exchange(lin, lin, "lamp"), fault.Invalid, "name another person"},
			"of another item":     {other, fault.Invalid, "collect it for one"},
			"of an unknown item":  {unknown, fault.NotFound, ""},
			"with nobody at all":  {exchange(lin, 999_999, "lamp"), fault.NotFound, ""},
			"by nobody at all":    {exchange(999_999, lin, "lamp"), fault.NotFound, ""},
			"with the number nil": {exchange(lin, 0, "lamp"), fault.NotFound, ""},
		} {
			refusals, err := s.vault.Between(t.Context(), c.x)
			if fault.Of(err) != c.want || len(refusals) > 0 || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "lamp") {
				t.Errorf("%s: %v, %v; want %s", what, refusals, err, c.want)
			}
		}
		s.erase(vault.Erasure{Subject: wei, Everything: true})
		refusals, err := s.vault.Between(t.Context(), exchange(lin, wei, "are you there"))
		if err == nil && len(refusals) == 0 {
			t.Error("who was erased is told something")
		}
		if got := s.talked(lin); len(got) != 0 {
			t.Errorf("what was said to who is gone is held %d times", len(got))
		}
	})
}

// Two write to each other at the same time, and the first of their messages bind the
// keys of both: each message is held for both, and none twice.
func TestTwoWhoWriteAtTheSameTimeLoseNoMessage(t *testing.T) {
	talking(t, func(t *testing.T, s *stack) {
		lin, wei := s.pair()
		s.must(s.vault.Correct(t.Context(), vault.Correction{Subject: lin, Item: s.item("account.phone"), Value: seal.NewPersonal("+8613800138001")}))
		const each = 6
		var wg sync.WaitGroup
		for _, x := range []vault.Exchange{exchange(lin, wei, "ping"), exchange(wei, lin, "pong")} {
			for range each {
				wg.Go(func() {
					if refusals, err := s.vault.Between(t.Context(), x); err != nil || len(refusals) > 0 {
						t.Errorf("%v, %v", refusals, err)
					}
				})
			}
		}
		wg.Wait()
		for _, num := range []int64{lin, wei} {
			n := map[string]int{}
			for _, v := range s.talked(num) {
				n[v.Text.Reveal()]++
			}
			if n["ping"] != each || n["pong"] != each {
				t.Errorf("%d holds %v, want %d of each", num, n, each)
			}
		}
	})
}
