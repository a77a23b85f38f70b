package world

import (
	"bytes"
	"context"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// Collect gives values of a person at a collection point.
func (w *World) Collect(p *Person, point string, given ...policy.Given) []policy.Refusal {
	w.Helper()
	for i := range given { // what is observed is, on the phone that was asked for it
		given[i].Seen = policy.Seen{Device: phone, Function: "first-entry", Session: w.P.Now().Format("day-20060102")}
	}
	refusals, err := w.P.Collect(context.Background(), p.ID, point, given, avow.Actor{})
	w.Must(w.heard(err))
	if len(refusals) > 0 {
		w.count(audit.Refused, 1)
	} else {
		w.count(audit.Collected, 1)
	}
	return refusals
}

// Ask returns a use of items for a purpose, with the reference it needs.
func Ask(id subject.ID, purpose string, items ...string) avow.Use {
	u := avow.Use{Subject: id, Purpose: purpose, Items: items}
	switch purpose {
	case "orders":
		u.Ref = policy.Ref{Kind: policy.RefOrder, ID: "ord_1"}
	case "support":
		u.Ref = policy.Ref{Kind: policy.RefTicket, ID: "tic_1"}
	}
	return u
}

// Use asks and counts the answer.
func (w *World) Use(u avow.Use) *vault.Answer {
	w.Helper()
	answer, err := w.Try(w.P, u)
	w.Must(err)
	return answer
}

// Try asks a node and counts the answer, if there is one.
func (w *World) Try(p *avow.Platform, u avow.Use) (*vault.Answer, error) {
	answer, err := p.Use(context.Background(), u)
	switch {
	case err != nil:
		return nil, w.heard(err)
	case answer.Decision.Allowed:
		w.count(audit.Used, 1)
	default:
		w.count(audit.Denied, 1)
	}
	return answer, nil
}

// UseMany asks for many people at once and counts every answer.
func (w *World) UseMany(ids []subject.ID, u avow.Use) []*vault.Answer {
	w.Helper()
	answers, err := w.P.UseMany(context.Background(), ids, u)
	w.Must(w.heard(err))
	for _, a := range answers {
		if a.Decision.Allowed {
			w.count(audit.Used, 1)
		} else {
			w.count(audit.Denied, 1)
		}
	}
	return answers
}

// Refused notes n refusals that a test has had from the platform itself.
func (w *World) Refused(n int) { w.count(audit.Refused, n) }

// Allowed asks for items of a person and returns their values.
func (w *World) Allowed(p *Person, purpose string, items ...string) []string {
	w.Helper()
	answer := w.Use(Ask(p.ID, purpose, items...))
	if !answer.Decision.Allowed {
		w.Fatalf("%s was denied: %v", purpose, answer.Decision.Reasons)
	}
	var out []string
	for _, v := range answer.Values {
		out = append(out, v.Text.Reveal())
	}
	return out
}

// Denied asks for items of a person and returns why it was denied.
func (w *World) Denied(p *Person, purpose string, items ...string) []string {
	w.Helper()
	answer := w.Use(Ask(p.ID, purpose, items...))
	if answer.Decision.Allowed || len(answer.Values) > 0 {
		w.Fatalf("%s was allowed, with %d values", purpose, len(answer.Values))
	}
	var out []string
	for _, r := range answer.Decision.Reasons {
		out = append(out, string(r.Code))
	}
	return out
}

// Choose records what a person says.
func (w *World) Choose(p *Person, c avow.Choice) {
	w.Helper()
	c.Channel, c.By = "settings", avow.Actor{Role: "self"}
	w.Must(w.heard(w.P.Choose(context.Background(), p.ID, c)))
	kinds := map[bool]audit.Kind{true: audit.Consented, false: audit.Withdrawn}
	if c.Kind == consent.Objection {
		kinds = map[bool]audit.Kind{true: audit.Objected, false: audit.ObjectionEnded}
	}
	w.count(kinds[c.Given], 1)
}

// Correct replaces a value. The old one is dead.
func (w *World) Correct(p *Person, item, value, token string) {
	w.Helper()
	w.remember()
	old := p.Marker(item)
	w.Must(w.heard(w.P.Correct(context.Background(), p.ID, item, avow.NewPersonal(value), avow.Actor{Role: "self"})))
	w.count(audit.Corrected, 1)
	old.Dead = true
	w.canary.add(token)
	p.Markers = append(p.Markers, &Marker{Item: item, Class: old.Class, Token: token, Value: value, Point: old.Point})
}

// Erase erases in the vault, and notes what is dead.
func (w *World) Erase(p *Person, e avow.Erasure) vault.Erased {
	w.Helper()
	w.remember()
	done, err := w.P.Erase(context.Background(), p.ID, e)
	w.Must(w.heard(err))
	w.Erased(p, e)
	return done
}

// Erased notes that an erasure of a person was acknowledged.
func (w *World) Erased(p *Person, e avow.Erasure) {
	switch {
	case e.Everything:
		w.count(audit.Erased, 1)
	case e.Class != "":
		w.count(audit.ClassErased, 1)
	default:
		w.count(audit.ItemErased, 1)
	}
	p.Forgotten(e)
}

// Forgotten notes which of a person's values are dead.
func (p *Person) Forgotten(e avow.Erasure) {
	retained := false
	for _, m := range p.Markers {
		if m.Dead {
			continue
		}
		law := m.Class == "books" || m.Class == "logs"
		switch {
		case e.Everything && law:
		case e.Everything && m.Item == "account.email" && !retained:
			retained = true // the minimal identifier of what the law keeps
		case e.Everything, e.Class == m.Class, e.Item == m.Item:
			m.Dead = true
		}
	}
}

// officer approves, support asks.
func (w *World) officer() gate.Actor {
	w.Helper()
	r, err := w.P.Policy().Role("privacy-officer")
	w.Must(err)
	return gate.Actor{Role: r.No, ID: "stf_officer"}
}

func (w *World) support() gate.Actor {
	w.Helper()
	r, err := w.P.Policy().Role("support")
	w.Must(err)
	return gate.Actor{Role: r.No, ID: "stf_support"}
}

// Asked returns a request in a person's name, found by their e-mail address.
func Asked(right policy.RightKind, email string) rights.Asked {
	return rights.Asked{
		Right: right, Channel: "support", Language: "en", Contact: avow.NewPersonal(email),
		Identifiers: []connector.Identifier{{Kind: "email", Value: avow.NewPersonal(email)}},
	}
}

// Approved takes a request from its receipt to the approved plan.
func (w *World) Approved(asked rights.Asked) (rights.ID, plan.Public) {
	w.Helper()
	ctx, r := context.Background(), w.P.Requests()
	id, err := r.Receive(ctx, asked, w.support())
	w.Must(w.heard(err))
	w.Must(w.heard(r.Verify(ctx, id, w.support(), "identifier-code")))
	_, err = r.Survey(ctx, id, w.support())
	w.Must(w.heard(err))
	public, err := r.Plan(ctx, id, w.support())
	w.Must(w.heard(err))
	w.Must(w.heard(r.Approve(ctx, id, public.Hash, w.officer())))
	w.count(audit.RequestReceived, 1)
	w.count(audit.Approved, 1)
	return id, public
}

// Finish runs an approved request to where it rests and returns how it stands.
func (w *World) Finish(id rights.ID) rights.View {
	w.Helper()
	w.remember()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	w.Must(w.heard(w.P.Requests().Run(ctx, id, w.support())))
	w.Must(w.heard(w.P.WorkUntil(ctx, id, func(int, int) { w.remember() })))
	v, err := w.P.Requests().Show(ctx, id)
	w.Must(w.heard(err))
	if v.State == rights.NeedsAttention {
		w.Fatalf("the request needs attention: %s", v.Cause)
	}
	return v
}

// Access carries a person's access request to its end and returns the package.
func (w *World) Access(email string) []byte {
	w.Helper()
	id, _ := w.Approved(Asked(policy.Access, email))
	if v := w.Finish(id); v.State != rights.VerifiedAfter {
		w.Fatalf("the access request is %s, want %s", v.State, rights.VerifiedAfter)
	}
	var b bytes.Buffer
	w.Must(w.heard(w.P.Requests().Deliver(context.Background(), id, OwnerOf(w.TB, w.P, id), &b)))
	w.count(audit.Delivered, 1)
	w.verifyReceipt(id)
	return b.Bytes()
}

// Forget carries a person's erasure request to its end.
func (w *World) Forget(p *Person) rights.ID {
	w.Helper()
	id, _ := w.Approved(Asked(policy.Erasure, p.Email()))
	if v := w.Finish(id); v.State != rights.Delivered {
		w.Fatalf("the erasure request is %s, want %s", v.State, rights.Delivered)
	}
	w.count(audit.Delivered, 1)
	w.Erased(p, avow.Erasure{Everything: true})
	w.verifyReceipt(id)
	return id
}

// verifyReceipt verifies the receipt of a request, and that no changed byte does.
func (w *World) verifyReceipt(id rights.ID) {
	w.Helper()
	b, err := w.P.Requests().Receipt(context.Background(), id)
	w.Must(w.heard(err))
	w.VerifyReceipt(b)
}

// Nobody reports whether nobody is found by an identifier.
func (w *World) Nobody(kind, value string) bool {
	w.Helper()
	ids, err := w.P.Find(context.Background(), kind, avow.NewPersonal(value))
	w.Must(w.heard(err))
	return len(ids) == 0
}

// Kind returns the kind of an error; it is kept for the canary.
func (w *World) Kind(err error) fault.Kind { return fault.Of(w.heard(err)) }
