package message_test

import (
	"testing"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

func pack(t *testing.T, name string) *policy.Policy {
	t.Helper()
	src, err := policies.Files.ReadFile(name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := policy.Load(name+".yaml", src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAMessageNamesItsClassPurposeAndReason(t *testing.T) {
	p := pack(t, "go-soft")
	good := message.Asked{Class: message.Safety, Purpose: "notices", Channel: "sms", Reason: "strange-sign-in"}
	if _, err := message.New(p, good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*message.Asked){
		"no class":                    func(a *message.Asked) { a.Class = "" },
		"the class of changes":        func(a *message.Asked) { a.Class = message.Policy },
		"no such channel":             func(a *message.Asked) { a.Channel = "pigeon" },
		"a reason that is no code":    func(a *message.Asked) { a.Reason = "Because we can" },
		"marketing under another":     func(a *message.Asked) { a.Class = message.Marketing },
		"service under marketing":     func(a *message.Asked) { a.Purpose = "marketing" },
		"a survey nobody can refuse":  func(a *message.Asked) { a.Class = message.Survey },
		"a mail without a text":       func(a *message.Asked) { a.Channel = message.Email },
		"a reference that is no such": func(a *message.Asked) { a.Ref = "lin@mail.example" },
		"another language":            func(a *message.Asked) { a.Language = "fr" },
	} {
		a := good
		change(&a)
		if _, err := message.New(p, a); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatBecameOfACopyIsSaidOnce(t *testing.T) {
	dbtest.Each(t, db.Data, func(t *testing.T, d *db.DB) {
		commit := func(fn func(*db.Act)) error {
			act := d.NewAct()
			fn(act)
			return d.Commit(t.Context(), act)
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		m := &message.Message{Num: 7, ID: message.NewID(d.Now()), Class: message.Marketing, Purpose: 3, Channel: message.Email, Reason: "sale", Language: "en", Spread: true, Made: d.Now(), Key: 9, Sealed: []byte("x")}
		copyOf := message.Copy{Message: 7, Subject: 1, State: message.Waiting}
		must(commit(func(act *db.Act) {
			message.Insert(act, m)
			message.Add(act, copyOf)
			message.Add(act, message.Copy{Message: 7, Subject: 2, State: message.Waiting})
		}))
		must(commit(func(act *db.Act) { message.Move(act, copyOf, message.Withheld, "objection.stands") }))
		if err := commit(func(act *db.Act) { message.Move(act, copyOf, message.Sent, "") }); !db.Lost(err) {
			t.Errorf("a copy that was withheld went out: %v", err)
		}
		must(d.Read(t.Context(), func(r *db.Snapshot) error {
			n, err := message.Counts(t.Context(), r, 7)
			must(err)
			if n[message.Withheld] != 1 || n[message.Waiting] != 1 {
				t.Errorf("counts %v", n)
			}
			out, err := message.Out(t.Context(), r, 10)
			must(err)
			if len(out) != 0 {
				t.Error("the key of a message of which a copy waits is taken for done with")
			}
			have, err := message.Get(t.Context(), r, m.ID)
			must(err)
			if have.Reason != "sale" || have.Made.Sub(m.Made).Abs() > time.Microsecond || string(have.Sealed) != "x" {
				t.Errorf("read back %+v", have)
			}
			return nil
		}))
		must(commit(func(act *db.Act) {
			message.Move(act, message.Copy{Message: 7, Subject: 2, State: message.Waiting}, message.Sent, "")
		}))
		must(commit(func(act *db.Act) { message.Clear(act, 7) }))
		if err := commit(func(act *db.Act) { message.Clear(act, 7) }); !db.Lost(err) {
			t.Errorf("the key ended twice: %v", err)
		}
	})
}

func FuzzParseRef(f *testing.F) {
	for _, s := range []string{"", "order:1", "order:", "ticket:T-1", "x:y", "order:lin@mail.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := message.ParseRef(s)
		if err == nil && s != "" && (r.Kind == policy.RefNone || r.ID == "" || r.Kind.String()+":"+r.ID != s) {
			t.Errorf("%q is read as %+v", s, r)
		}
	})
}
