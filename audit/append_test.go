package audit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
)

func TestAppendRefusesWhatMustNotStandInTheLog(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	for name, e := range map[string]Entry{
		"an unknown kind":                     {Kind: 9999},
		"no kind":                             {},
		"an unknown tag":                      {Kind: Used, Public: Fields{Text(Tag(60), "x")}},
		"a private tag in the open":           {Kind: Used, Public: Fields{Text(TagActor, "stf_1")}},
		"a mail address in the open":          {Kind: Used, Public: Fields{Text(TagRole, "ada@example.org")}},
		"words in the open":                   {Kind: Used, Public: Fields{Text(TagReason, "she called twice")}},
		"a personal value under a public tag": {Kind: Used, Public: Fields{Personal(TagRole, seal.NewPersonal("ada"))}},
		"a negative number":                   {Kind: Used, Public: Fields{Num(TagCount, -1)}},
		"negative numbers":                    {Kind: Used, Public: Fields{Nums(TagItems, []int{-1})}},
		"a number under a text tag":           {Kind: Used, Public: Fields{Num(TagRole, 1)}},
		"a control given by hand":             {Kind: Used, Public: Fields{Text(TagControl, "use.log")}},
		"two controls":                        {Kind: Used, Control: "use.log", Public: Fields{Text(TagControl, "use.log")}},
		"a control that is no code":           {Kind: Used, Control: "a b", Public: Fields{}},
		"private fields without a key":        {Kind: Used, Subject: 1, Private: Fields{Text(TagRef, "o")}},
		"a subject id without a key":          {Kind: Used, Subject: 1, SubjectID: "sub_1"},
		"a private field in another form":     {Kind: Used, Key: 1, Private: Fields{Num(TagRef, 1)}},
		"more than 64 KiB sealed":             {Kind: Used, Key: 1, Private: Fields{Text(TagNote, strings.Repeat("x", MaxEntry-50))}},
		"far more than 64 KiB sealed":         {Kind: Used, Key: 1, Private: Fields{Text(TagNote, strings.Repeat("x", MaxEntry))}},
		"more than 64 KiB":                    {Kind: Used, Public: Fields{Bytes(TagHash, make([]byte, MaxEntry))}},
	} {
		a := w.data.NewAct()
		if _, err := w.Append(t.Context(), a, e); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(fault.Message(err), "ada") || strings.Contains(fault.Message(err), "called") {
			t.Errorf("%s: the message repeats the value: %v", name, err)
		}
	}
	if n := w.number(countPending); n != 1 {
		t.Errorf("%d entries pending, want the key's announcement alone", n)
	}
}

func TestFieldsThatSayNothingAreLeftOut(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite, db.Data))
	e := used(1)
	e.Public = []Field{Text(TagRole, ""), Nums(TagItems, []int{}), Num(TagCount, 0)}
	id := w.append(e)
	err := w.data.Read(t.Context(), func(r *db.Snapshot) error {
		got, err := w.Entry(t.Context(), r, id)
		if err == nil {
			if diff := cmp.Diff(Fields{Text(TagControl, "use.decision"), Num(TagCount, 0)}, got.Public); diff != "" {
				t.Error(diff)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
