package platform

import (
	"context"
	"io"
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/trace"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/signin"
	"github.com/avow-dev/avow/subject"
)

// Self is the actor of a person who acts for themselves.
func Self(sub subject.ID) Actor { return Actor{Role: "self", ID: string(sub)} }

func (p *Platform) codes() *signin.Store { return signin.New(p.data, p.keys) }

// BeginSignIn makes a code to be sent to an address. It does the same for an
// address that nobody has. An address that is none is fault.Invalid; one that had
// too many codes fault.Busy.
func (p *Platform) BeginSignIn(ctx context.Context, kind string, address Personal) (signin.Begun, error) {
	ctx, span := trace.Start(ctx, "begin sign-in")
	defer span.End()
	digest, err := p.vault.Index(kind, address.Reveal())
	if err != nil { // it is computed from the address alone
		return signin.Begun{}, fault.Wrap(fault.Invalid, err, "that is not an address: write it in full, such as name@example.com")
	}
	return p.codes().Begin(ctx, digest)
}

// FinishSignIn takes one try of a code. When it is right, who is the person that
// the address belongs to, and "" where it belongs to nobody, or to somebody who
// was erased. Several people with one address are fault.Conflict.
func (p *Platform) FinishSignIn(ctx context.Context, handle, code string) (who subject.ID, ok bool, err error) {
	ctx, span := trace.Start(ctx, "finish sign-in")
	defer span.End()
	digest, ok, err := p.codes().Finish(ctx, handle, code)
	if err != nil || !ok {
		return "", false, err
	}
	if who, err = p.owner(ctx, digest); err != nil {
		return "", false, err
	}
	return who, true, nil
}

// owner returns the one person an identifier belongs to. Who proved before that
// it is theirs comes before those who only said so.
func (p *Platform) owner(ctx context.Context, digest []byte) (who subject.ID, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		found, err := subject.Find(ctx, r, digest)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(found, func(c subject.Candidate) bool { return c.Verified }) {
			found = slices.DeleteFunc(found, func(c subject.Candidate) bool { return !c.Verified })
		}
		for _, c := range found {
			f, err := subject.ByNum(ctx, r, c.Num)
			if err != nil {
				return err
			}
			if f.State == subject.Erased || c.Class != 0 || f.ID == who {
				continue
			}
			if who != "" {
				return fault.New(fault.Conflict, "more than one account has this address, and it cannot be told whose you mean: please write to us")
			}
			who = f.ID
		}
		return nil
	})
	return who, err
}

// OwnUse returns the use by which people see their own data: every item they
// hold, for the purpose that serves their rights.
func (p *Platform) OwnUse(sub subject.ID, items []string) (Use, error) {
	purpose := p.Policy().PurposeBy(p.Policy().RightsPurpose())
	if purpose == nil {
		return Use{}, fault.New(fault.Invalid, "the policy has no purpose that serves people's own rights (serves: rights)")
	}
	return Use{Subject: sub, Items: items, Purpose: purpose.Name, By: Self(sub)}, nil
}

// An Asking is what a person who is signed in asks for.
type Asking struct {
	Right    policy.RightKind
	Scope    plan.Scope // zero: everything
	Contact  Personal   // where answers go
	Language string
	Method   string // how they signed in: identifier-code, login

	Corrections []rights.Correction // of a rectification, which then is about these
}

// Ask takes down a request of a person who is signed in, which proves who they
// are. Asking again for what is under way gives the request that is there.
func (p *Platform) Ask(ctx context.Context, sub subject.ID, a Asking) (rights.ID, error) {
	ctx, span := trace.Start(ctx, "ask")
	defer span.End()
	open, err := p.rights.List(ctx, rights.Filter{Subject: sub})
	if err != nil {
		return "", err
	}
	for _, q := range open {
		if len(a.Corrections) == 0 && q.Right == a.Right && q.Scope == a.Scope.String() && !q.State.Last() && q.State != rights.VerifiedAfter {
			return q.ID, nil
		}
	}
	if err := p.atOnce(ctx, sub, a); err != nil {
		return "", err
	}
	by := self(sub)
	id, err := p.rights.Receive(ctx, rights.Asked{
		Right: a.Right, Scope: a.Scope, Subject: sub, Contact: a.Contact, Channel: "settings", Language: a.Language,
		Corrections: a.Corrections,
	}, by)
	if err != nil {
		return "", err
	}
	return id, p.rights.Verify(ctx, id, by, a.Method)
}

func self(sub subject.ID) gate.Actor { return gate.Actor{Role: policy.Self, ID: string(sub)} }

// OwnRequest returns a request of this person. Anybody else's is
// fault.NotFound, as if it were not there.
func (p *Platform) OwnRequest(ctx context.Context, sub subject.ID, id rights.ID) (rights.View, error) {
	v, err := p.rights.Show(ctx, id)
	if err == nil && (v.Subject != sub || sub == "") {
		err = fault.New(fault.NotFound, "there is no such request")
	}
	if err != nil {
		return rights.View{}, err
	}
	return v, nil
}

// TakeBack withdraws a request of this person, as long as nothing was destroyed.
func (p *Platform) TakeBack(ctx context.Context, sub subject.ID, id rights.ID) error {
	if _, err := p.OwnRequest(ctx, sub, id); err != nil {
		return err
	}
	return p.rights.Withdraw(ctx, id, self(sub))
}

// Fetch writes the package of this person's access request to w, after the entry
// that says so is durable.
func (p *Platform) Fetch(ctx context.Context, sub subject.ID, id rights.ID, w io.Writer) error {
	if _, err := p.OwnRequest(ctx, sub, id); err != nil {
		return err
	}
	return p.rights.Deliver(ctx, id, self(sub), w)
}

// OwnReceipt returns the receipt of a request of this person.
func (p *Platform) OwnReceipt(ctx context.Context, sub subject.ID, id rights.ID) ([]byte, error) {
	if _, err := p.OwnRequest(ctx, sub, id); err != nil {
		return nil, err
	}
	return p.rights.Receipt(ctx, id)
}

// StateOf returns where a subject is in its life.
func (p *Platform) StateOf(ctx context.Context, sub subject.ID) (subject.State, error) {
	f, err := p.facts(ctx, sub)
	return f.State, err
}
