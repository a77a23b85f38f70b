package store

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
)

// stray is an item that no policy declares: a form with one field too many.
const stray = "person.shoe-size"

// longest is the longest value that a form takes, in bytes.
const longest = 4000

// fixed is chance that gives the same for the same name.
func fixed(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name)) // never fails
	return rand.New(rand.NewPCG(h.Sum64(), 1))
}

// take takes what was given at a counter.
func (x *stall) take(v *visit) error {
	c, items, err := x.counter(v)
	if err != nil {
		return err
	}
	if err := v.r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read: send it again")
	}
	typed := v.r.PostForm
	switch {
	case c.slug == "join" && v.sub != "":
		return x.show(v, http.StatusUnprocessableEntity, c, items, typed, v.t.HereAlready)
	case c.slug != "join" && v.sub == "":
		return x.show(v, http.StatusUnprocessableEntity, c, items, typed, v.t.JoinFirst)
	}
	held, _, err := x.known(v)
	if err != nil {
		return err
	}
	given, problem := x.given(v, c, items, held, typed)
	if problem == "" && c.slug == "join" {
		problem, err = x.mayJoin(v, typed, given)
	}
	if err != nil {
		return err
	}
	if problem != "" {
		return x.show(v, http.StatusUnprocessableEntity, c, items, typed, problem)
	}
	out := &result{Platform: x.on.ID(), Counter: c.slug, Join: c.slug == "join", who: v.sub}
	if out.Join {
		err = x.register(v, c, items, typed, given, out)
	} else {
		err = x.collect(v, c, items, typed, given, out)
	}
	switch fault.Of(err) {
	case "":
	case fault.Invalid, fault.Conflict:
		return x.show(v, http.StatusUnprocessableEntity, c, items, typed, fault.Message(err))
	default:
		return err
	}
	http.Redirect(v.w, v.r, x.base+"done/"+x.results.add(out), http.StatusSeeOther)
	return nil
}

// given reads the values of a form. problem says what is missing.
func (x *stall) given(v *visit, c counter, items []*policy.Item, held map[policy.ItemNo]bool, typed url.Values) (out []policy.Given, problem string) {
	lang := x.frame.Page(v.r, x.on.ID(), "").Lang
	for _, i := range items {
		if held[i.No] && !i.List {
			continue
		}
		if i.Origin != policy.FromPerson && c.goods != i.Name {
			if slices.Contains(typed["read"], i.Name) {
				out = append(out, policy.Given{Item: i.Name, Value: x.reading(i), Voluntary: true})
			}
			continue
		}
		value := typed.Get("i." + i.Name)
		if i.Type != "secret" {
			value = strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n"))
		}
		switch {
		case len(value) > longest:
			return nil, v.t.TooLong + page.Title(i.Title, i.Name, lang)
		case value == "" && !i.Optional && !c.rest && i.Type != "flag":
			return nil, v.t.Missing + page.Title(i.Title, i.Name, lang)
		case value != "":
			out = append(out, policy.Given{Item: i.Name, Value: value, Voluntary: !i.Sensitive || slices.Contains(typed["free"], i.Name)})
		}
	}
	if typed.Get("stray") != "" {
		out = append(out, policy.Given{Item: stray, Value: "42", Voluntary: true})
	}
	if len(out) == 0 && len(typed["yes"]) == 0 {
		return nil, v.t.Nothing
	}
	return out, ""
}

// mayJoin says what keeps somebody from registering before the policy is asked.
func (x *stall) mayJoin(v *visit, typed url.Values, given []policy.Given) (problem string, err error) {
	switch {
	case typed.Get("accept") == "":
		return v.t.AcceptFirst, nil
	case typed.Get("age") != "adult" && typed.Get("age") != "minor":
		return v.t.SayAge, nil
	}
	for _, g := range given {
		i, err := x.on.Policy().Item(g.Item)
		if err != nil || i.Identifier == "" || !i.Exclusive {
			continue // what is not declared is refused later, with the clause
		}
		found, err := x.on.Find(v.r.Context(), i.Identifier, platform.NewPersonal(g.Value))
		if fault.Of(err) == fault.Invalid {
			continue // as is what has the wrong form
		}
		if err != nil || len(found) > 0 {
			return v.t.Taken, err
		}
	}
	return "", nil
}

// register registers somebody with what needs no yes, notes their yes, and takes
// the rest: consent comes before collection.
func (x *stall) register(v *visit, c counter, items []*policy.Item, typed url.Values, given []policy.Given, out *result) error {
	ctx, begun, young := v.r.Context(), x.on.Now(), typed.Get("age") == "minor" || x.tooYoung(given)
	var first, later []policy.Given
	for _, g := range given {
		f := policy.Facts{Accepted: true, Account: policy.AccountOpen}
		waits := slices.ContainsFunc(x.on.Policy().Collect(c.point, []policy.Given{g}, &f), func(r policy.Refusal) bool { return r.Code == policy.NoGround })
		if waits {
			later = append(later, g)
		} else {
			first = append(first, g)
		}
	}
	sub, refusals, err := x.on.Register(ctx, platform.Registration{
		Accepted: true, Adult: !young, Minor: young, Point: c.point, Given: first, By: platform.Actor{Role: "self"},
	})
	if err != nil {
		return err
	}
	if len(refusals) > 0 {
		out.Refused = refusals
		list, err := x.on.Entries(ctx, audit.Filter{Kind: audit.Refused, Newest: true, Limit: 1})
		if err == nil && len(list) > 0 && !list[0].At.Before(begun) {
			out.note(list)
		}
		return err
	}
	if err := x.frame.SignIn(v.w, v.r, customer, x.on.ID(), string(sub), stay); err != nil {
		return err
	}
	v.who, v.sub, out.who = sub, sub, sub
	out.keep(x.on.Policy(), first)
	if err := x.say(ctx, v, items, typed, out); err != nil {
		return err
	}
	if len(later) > 0 {
		if err := x.hand(ctx, v, c, later, out); err != nil {
			return err
		}
	}
	return x.since(ctx, v, 0, out)
}

// tooYoung reports whether a date of birth among the values is that of somebody
// under age, whatever else they say.
func (x *stall) tooYoung(given []policy.Given) bool {
	p := x.on.Policy()
	return slices.ContainsFunc(given, func(g policy.Given) bool {
		i, err := p.Item(g.Item)
		if err != nil || i.Type != "birth-date" {
			return false
		}
		born, err := time.Parse(time.DateOnly, g.Value)
		return err == nil && born.AddDate(p.People().AdultAge, 0, 0).After(x.on.Now())
	})
}

// collect notes what who is here says yes to, and takes what they gave.
func (x *stall) collect(v *visit, c counter, items []*policy.Item, typed url.Values, given []policy.Given, out *result) error {
	ctx := v.r.Context()
	before, err := x.on.History(ctx, v.sub, 1)
	if err != nil {
		return err
	}
	if err := x.say(ctx, v, items, typed, out); err != nil {
		return err
	}
	if len(given) > 0 {
		if err := x.hand(ctx, v, c, given, out); err != nil {
			return err
		}
	}
	var last audit.ID
	if len(before) > 0 {
		last = before[0].ID
	}
	return x.since(ctx, v, last, out)
}

// say records the yes of each box that was ticked. A box of its own for each
// purpose makes it explicit.
func (x *stall) say(ctx context.Context, v *visit, items []*policy.Item, typed url.Values, out *result) error {
	for _, u := range waiting(x.on.Policy(), items) {
		if !slices.Contains(typed["yes"], u.Name) {
			continue
		}
		err := x.on.Choose(ctx, v.sub, platform.Choice{
			Kind: consent.Consent, Purpose: u.Name, Given: true, Explicit: true, Channel: "web", By: platform.Self(v.sub),
		})
		if err != nil {
			return err
		}
		out.Said = append(out.Said, u.No)
	}
	return nil
}

func (x *stall) hand(ctx context.Context, v *visit, c counter, given []policy.Given, out *result) error {
	if err := x.read(ctx, v, c, given, out); err != nil {
		return err
	}
	refusals, err := x.on.Collect(ctx, v.sub, c.point, given, platform.Self(v.sub))
	if err != nil {
		return err
	}
	out.Refused = append(out.Refused, refusals...)
	if len(refusals) == 0 {
		out.keep(x.on.Policy(), given)
	}
	return nil
}

// phone is what the app calls the phone of everybody.
const phone = "phone-1"

// read says where values were read, and asks the phone's permission for them: each
// was ticked, which is the answer.
func (x *stall) read(ctx context.Context, v *visit, c counter, given []policy.Given, out *result) error {
	p, asked := x.on.Policy(), map[string]bool{}
	for i := range given {
		g := &given[i]
		it, err := p.Item(g.Item)
		if err != nil {
			continue // it is refused, with the clause
		}
		through, function := p.Behind(it.No, c.point)
		g.Seen = policy.Seen{Device: phone, Function: function, Session: x.on.Now().Format("day-20060102")}
		if through == nil || asked[through.Name] {
			continue
		}
		asked[through.Name] = true
		refusals, err := x.on.AnswerPermission(ctx, v.sub, platform.AskedPermission{
			Permission: platform.Permission{Device: phone, Name: through.Name, Function: function}, Granted: true, By: platform.Self(v.sub),
		})
		if err != nil {
			return err
		}
		out.Refused = append(out.Refused, refusals...)
	}
	return nil
}

// since notes the log entries about a person after one of them.
func (x *stall) since(ctx context.Context, v *visit, last audit.ID, out *result) error {
	list, err := x.on.History(ctx, v.sub, 20)
	if err != nil {
		return err
	}
	if n := slices.IndexFunc(list, func(e audit.Record) bool { return e.ID == last }); n >= 0 {
		list = list[:n]
	}
	slices.Reverse(list)
	out.note(list)
	return nil
}
