package platform

import (
	"context"
	"crypto/subtle"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/signin"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// Addressed is the item of the policy that finds people by an address of this
// kind; nil where the policy has none, or only lists.
func (p *Platform) Addressed(kind string) *policy.Item {
	for _, i := range p.Policy().Items() {
		if i.Identifier == kind && !i.List {
			return i
		}
	}
	return nil
}

// BeginChange makes a code to be sent to the address that somebody wants to be
// found by from now on. Whose it is now makes no difference here. An address that
// is none is fault.Invalid; one that had too many codes fault.Busy.
func (p *Platform) BeginChange(ctx context.Context, item string, value Personal) (signin.Begun, error) {
	i, err := p.Policy().Item(item)
	if err != nil {
		return signin.Begun{}, err
	}
	if i.Identifier == "" || i.List {
		return signin.Begun{}, fault.New(fault.Invalid, "%s finds nobody: correct it without a code", i.Name)
	}
	return p.BeginSignIn(ctx, i.Identifier, value)
}

// FinishChange takes one try of a code. When it is right, and was sent to this
// very value, the value replaces what the item held, the old one is unreadable
// for ever, and the person is found by the new one. ok is false for a code that
// is not right. A value that somebody else proved to be theirs is fault.Conflict.
func (p *Platform) FinishChange(ctx context.Context, sub subject.ID, item string, value Personal, handle, code string) (ok bool, err error) {
	i, err := p.Policy().Item(item)
	if err != nil {
		return false, err
	}
	want, err := p.vault.Index(i.Identifier, value.Reveal())
	if err != nil {
		return false, fault.Wrap(fault.Invalid, err, "that is not an address")
	}
	digest, ok, err := p.codes().Finish(ctx, handle, code)
	if err != nil || !ok || subtle.ConstantTimeCompare(digest, want) != 1 {
		return false, err
	}
	f, by, err := p.who(ctx, sub, Self(sub))
	if err != nil {
		return false, err
	}
	return true, p.correct(ctx, vault.Correction{Subject: f.Num, Item: i.No, Value: value, By: by, Verified: true})
}
