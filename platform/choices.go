package platform

import (
	"context"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/trace"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/recipient"
	"github.com/avow-dev/avow/subject"
)

// A Choice is what a person says about a purpose, a recipient, or data going
// abroad.
type Choice struct {
	Kind      consent.Kind
	Purpose   string // for consent and objection
	Recipient string // for sharing; for abroad, "" names nobody
	Given     bool   // yes, or (for consent.Objection) I object; false takes it back
	Explicit  bool   // by an act of its own
	Channel   string
	By        Actor
}

// Choose records what a person says. When it returns, no use that a withdrawal
// or an objection forbids is granted any more, on any node (I-11).
func (p *Platform) Choose(ctx context.Context, sub subject.ID, c Choice) error {
	ctx, span := trace.Start(ctx, "choose")
	defer span.End()
	r := consent.Record{Kind: c.Kind, Given: c.Given, Explicit: c.Explicit, Policy: p.Policy().Version(), Channel: c.Channel}
	d := gate.Duty{Control: policy.ConsentRecord}
	switch c.Kind {
	case consent.Consent, consent.Objection:
		purpose, err := p.Policy().Purpose(c.Purpose)
		if err != nil {
			return err
		}
		lapses := purpose.Lapses
		if lapses.IsZero() {
			lapses = p.Policy().Agreeing().Lapses
		}
		if c.Kind == consent.Consent && c.Given && !lapses.IsZero() {
			r.Until, _ = p.Policy().Calendar().Add(p.data.Now(), lapses)
		}
		r.Purpose = purpose.No
		d.Public = append(d.Public, audit.Num(audit.TagPurpose, purpose.No))
	case consent.Sharing, consent.Abroad:
		if c.Recipient != "" {
			to, err := p.Policy().Recipient(c.Recipient)
			if err != nil {
				return err
			}
			r.Recipient = to.No
		}
		d.Public = append(d.Public, audit.Num(audit.TagRecipient, r.Recipient))
	default:
		return fault.New(fault.Invalid, "%q is not a choice: use consent, objection, sharing or abroad", c.Kind)
	}
	d.Kind = kindOf(c)
	if !c.Given && c.Kind != consent.Objection {
		d.Control = policy.ConsentWithdrawal
	}
	if c.Kind == consent.Objection {
		d.Control = policy.ObjectionHonoured
	}
	d.Public = append(d.Public, audit.Text(audit.TagType, c.Kind), audit.Flag(audit.TagExplicit, c.Explicit))
	var err error
	if r.ID, err = p.data.Number(ctx, "consent"); err != nil {
		return err
	}
	return p.turn(ctx, sub, c.By, d, turn{
		add: func(act *db.Act, s *gate.State) error {
			r.Turn, r.At = s.Subject.Version+1, act.Now()
			consent.Add(act, s.Subject.Num, r)
			if c.Kind == consent.Consent {
				f := s.Facts
				consent.Fold(&f, []consent.Record{r}, act.Now())
				p.vault.ConsentChanged(act, s.Subject.Num, f.Consents)
			}
			return nil
		},
		done: func(s *gate.State) { p.gate.Said(s, r, r.At) },
	})
}

func kindOf(c Choice) audit.Kind {
	switch {
	case c.Kind == consent.Objection && c.Given:
		return audit.Objected
	case c.Kind == consent.Objection:
		return audit.ObjectionEnded
	case c.Given:
		return audit.Consented
	}
	return audit.Withdrawn
}

// change commits a change of facts that the person or the law demands: its
// entry, the subject's version moved, and what fn adds.
func (p *Platform) change(ctx context.Context, sub subject.ID, by Actor, d gate.Duty, fn func(*db.Act, subject.Facts) error) error {
	return p.turn(ctx, sub, by, d, turn{
		add:  func(act *db.Act, s *gate.State) error { return fn(act, s.Subject) },
		done: func(s *gate.State) { p.gate.Forget(s.Subject.Num) },
	})
}

// A turn is a change of facts.
type turn struct {
	add  func(*db.Act, *gate.State) error // what changes, on facts that the act depends on
	done func(before *gate.State)         // called when it is durable
}

// turn commits t with its entry, first on facts that may be cached, then on fresh
// ones. What it is refused for is never an old fact.
func (p *Platform) turn(ctx context.Context, sub subject.ID, by Actor, d gate.Duty, t turn) error {
	f, a, err := p.who(ctx, sub, by)
	if err != nil {
		return err
	}
	d.By = a
	s, err := p.gate.State(ctx, f.Num)
	if err != nil {
		return err
	}
	for try := range 16 {
		if try > 0 {
			if s, err = p.gate.Fresh(ctx, f.Num); err != nil {
				return err
			}
		}
		act := p.data.NewAct()
		if err = p.addTurn(ctx, act, s, d, t); err != nil {
			if try == 0 || db.Lost(err) {
				continue
			}
			return err
		}
		if err = p.data.Commit(ctx, act); err == nil {
			t.done(s)
			return nil
		}
		p.gate.Forget(f.Num)
		if !db.Lost(err) {
			return err
		}
	}
	return fault.New(fault.Busy, "this subject's record changes faster than it can be read: try again")
}

// addTurn puts a change on an act, with its entry.
func (p *Platform) addTurn(ctx context.Context, act *db.Act, s *gate.State, d gate.Duty, t turn) error {
	if !s.Current(act.Now()) {
		return db.ErrLost // read them again
	}
	if s.Subject.State == subject.Erasing || s.Subject.State == subject.Erased {
		return fault.New(fault.Conflict, "the subject is %s: nothing about it can be changed", s.Subject.State)
	}
	if _, err := p.gate.Exercise(ctx, act, s, d); err != nil {
		return err
	}
	return t.add(act, s)
}

// Restrict sets or lifts the restriction of processing (GDPR Art. 18).
func (p *Platform) Restrict(ctx context.Context, sub subject.ID, on bool, by Actor) error {
	d := gate.Duty{Kind: audit.Restricted, Control: policy.RestrictionApplied}
	if !on {
		d.Kind = audit.Unrestricted
	}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		subject.Restrict(act, f.Num, on)
		return nil
	})
}

// Accept records that a person accepted the policy in force.
func (p *Platform) Accept(ctx context.Context, sub subject.ID, by Actor) error {
	d := gate.Duty{Kind: audit.PolicyAccepted, Control: policy.PolicyAcceptance}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		subject.Accept(act, f.Num, p.Policy().Version())
		return nil
	})
}

// CloseAccount closes a subject's account. Retention clocks that count from
// closing start.
func (p *Platform) CloseAccount(ctx context.Context, sub subject.ID, by Actor) error {
	d := gate.Duty{Kind: audit.AccountClosed, Control: policy.AccountClosing}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		if f.State != subject.Open {
			return fault.New(fault.Conflict, "the account is %s already", f.State)
		}
		subject.Close(act, f.Num)
		p.vault.AccountEnds(act, f.Num)
		return nil
	})
}

// Hold keeps a class, or with class "" everything, although its retention ends
// or the person asks for erasure. cite is the provision or the claim.
func (p *Platform) Hold(ctx context.Context, sub subject.ID, class, cite string, until time.Time, by Actor) error {
	if cite == "" {
		return fault.New(fault.Invalid, "a hold needs the provision or the claim it rests on")
	}
	no, err := p.classNo(class)
	if err != nil {
		return err
	}
	if err := p.tooLong(ctx, sub, no); err != nil {
		return err
	}
	d := gate.Duty{Kind: audit.HoldSet, Control: policy.RetentionLaw, Public: []audit.Field{audit.Num(audit.TagClass, no)}}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		subject.SetHold(act, f.Num, subject.Hold{Class: int64(no), Cite: cite, Until: until})
		return nil
	})
}

// EndHold lifts a hold.
func (p *Platform) EndHold(ctx context.Context, sub subject.ID, class string, by Actor) error {
	no, err := p.classNo(class)
	if err != nil {
		return err
	}
	d := gate.Duty{Kind: audit.HoldEnded, Control: policy.RetentionLaw, Public: []audit.Field{audit.Num(audit.TagClass, no)}}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		subject.EndHold(act, f.Num, int64(no))
		return nil
	})
}

func (p *Platform) classNo(name string) (policy.ClassNo, error) {
	if name == "" {
		return 0, nil
	}
	c, err := p.Policy().Class(name)
	if err != nil {
		return 0, err
	}
	return c.No, nil
}

// Suppress bars an identifier: from marketing, from coming in again after an
// erasure, or from registering. It outlives the erasure of the subject.
func (p *Platform) Suppress(ctx context.Context, kind string, value Personal, scope subject.Scope, ground string) error {
	digest, err := p.vault.Index(kind, value.Reveal())
	if err != nil {
		return err
	}
	act := p.data.NewAct()
	subject.Suppress(act, subject.Suppression{Digest: digest, Scope: scope, Ground: ground})
	_, err = p.log.Append(ctx, act, audit.Entry{
		Kind: audit.Suppressed, Control: policy.CollectSuppressed, Public: []audit.Field{audit.Text(audit.TagType, scope)},
	})
	if err != nil {
		return err
	}
	return p.data.Commit(ctx, act)
}

// Sign records an agreement with a recipient (GDPR Art. 28(3)). document says
// where it can be read.
func (p *Platform) Sign(ctx context.Context, name, document string, until time.Time) error {
	r, err := p.Policy().Recipient(name)
	if err != nil {
		return err
	}
	return p.aboutRecipients(ctx, "agreement", func(act *db.Act, id int64) error {
		recipient.Sign(act, recipient.Agreement{ID: id, Recipient: r.No, Document: document, Until: until})
		_, err := p.log.Append(ctx, act, audit.Entry{
			Kind: audit.AgreementSigned, Control: policy.ShareAgreement, Public: []audit.Field{audit.Num(audit.TagRecipient, r.No)},
		})
		return err
	})
}
