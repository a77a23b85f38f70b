package store

import (
	"fmt"
	"strings"

	"github.com/avow-dev/avow/policy"
)

// words are what the pages of a storefront say in one language.
type words struct {
	Shop, Join, Mine, Mailbox, MailboxHint                  string
	Demo, Doors, DoorsHint, Order, Promises, PolicyOf, Read string
	JoinFirst, JoinNow, HereAlready, SignIn                 string
	Optional, Sensitive, Free, More, MoreHint, Careful      string
	CarefulHint, For, Kept, Waits, Without                  string
	Reads, ReadsHint, Wishes, WishesHint, Separate, GaveYes string
	Age, Adult, Minor, Accept, AcceptAfter                  string
	Try, TryStray, TryCard, TryMinor, HeldAlready, HeldHint string
	AcceptFirst, SayAge, Taken, Missing, TooLong, Nothing   string

	Welcome, Thanks, NotKept, KeptTitle, KeptHint, What     string
	Until, Why, Clause, RefusedTitle, RefusedHint           string
	Control, SaidTitle, SaidHint, LogTitle, LogHint         string
	Entry, Proof, UseTitle, UseHint, UseFor, Use            string
	Allowed, Denied, UseItem, UsePurpose, UseAny, HandedOut string
	Centre, CentreHint, SignInHint, Choices                 string
	EraseTitle, EraseHint, Erase, EraseAll, Erased          string
	ErasedAll, IsGone, Again, NobodyJoined, Whole, GoOn     string

	Genders map[string]string
	Codes   map[policy.Code]string
	Deeds   map[string]string
}

func wordsIn(lang string) *words {
	if strings.HasPrefix(lang, "zh") {
		return chinese()
	}
	return english()
}

// code says a reason in a few words.
func (t *words) code(c policy.Code) string {
	if s := t.Codes[c]; s != "" {
		return s
	}
	return t.Codes[""]
}

// deed says what an entry of the log is about.
func (t *words) deed(kind string) string {
	if s := t.Deeds[kind]; s != "" {
		return s
	}
	return kind
}

// heading is the first line of a result.
func (t *words) heading(r *result) string {
	switch {
	case len(r.Refused) > 0 && len(r.Kept) == 0:
		return t.NotKept
	case r.Join:
		return t.Welcome
	}
	return t.Thanks
}

func (t *words) goneWords(item string, g gone) string {
	if g.Item == 0 {
		return fmt.Sprintf(t.ErasedAll, g.Values)
	}
	return fmt.Sprintf(t.Erased, item, g.Values)
}
