package platform

import (
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/succession"
	"github.com/avow-dev/avow/vault"
)

// A TransferAsked is a transfer of the business that somebody opens, by name.
type TransferAsked struct {
	Kind      succession.Kind
	Recipient string
	Items     []string
	Purposes  []string
	Changed   []string // those of the purposes that are new to people: each is asked for consent
	Document  string   // where the transfer is agreed
}

// OpenTransfer opens the case of a transfer of the business. Nothing moves by it: it
// counts whom it concerns.
func (p *Platform) OpenTransfer(ctx context.Context, asked TransferAsked, by gate.Actor) (*succession.Case, error) {
	c, err := p.newTransfer(asked, by)
	if err != nil {
		return nil, err
	}
	err = p.eachConcern(ctx, c, func(_ context.Context, page []concern) error {
		c.People += int64(len(page))
		return nil
	})
	if err != nil {
		return nil, err
	}
	if c.Num, err = p.data.Number(ctx, "succession"); err != nil {
		return nil, err
	}
	return c, p.aboutRecipients(ctx, "succession", func(act *db.Act, _ int64) error {
		c.Opened, c.ID, c.State = act.Now(), succession.NewID(act.Now()), succession.Open
		succession.Insert(act, c)
		return p.transferEntry(ctx, act, c, audit.TransferOpened, policy.ShareTransfer, by,
			audit.Nums(audit.TagItems, c.Items), audit.Num(audit.TagCount, c.People))
	})
}

func (p *Platform) newTransfer(asked TransferAsked, by gate.Actor) (*succession.Case, error) {
	c := &succession.Case{Kind: asked.Kind, Document: asked.Document, By: by.ID}
	if by.ID == "" || by.Role == policy.Self {
		return nil, fault.New(fault.Invalid, "say who of the staff opens the transfer")
	}
	r, err := p.Policy().Recipient(asked.Recipient)
	if err != nil {
		return nil, err
	}
	c.Recipient = r.No
	for _, name := range asked.Items {
		it, err := p.Policy().Item(name)
		if err != nil {
			return nil, err
		}
		c.Items = append(c.Items, it.No)
	}
	if c.Purposes, err = p.purposeNos(asked.Purposes); err != nil {
		return nil, err
	}
	if c.Changed, err = p.purposeNos(asked.Changed); err != nil {
		return nil, err
	}
	for _, no := range c.Changed {
		if !slices.Contains(c.Purposes, no) {
			c.Purposes = append(c.Purposes, no)
		}
	}
	return c, succession.New(p.Policy(), *c)
}

func (p *Platform) purposeNos(names []string) (out []policy.PurposeNo, err error) {
	for _, name := range names {
		u, err := p.Policy().Purpose(name)
		if err != nil {
			return nil, err
		}
		out = append(out, u.No)
	}
	return out, nil
}

// transferEntry says one thing about a transfer in the log.
func (p *Platform) transferEntry(ctx context.Context, act *db.Act, c *succession.Case, kind audit.Kind, control policy.Control, by gate.Actor, more ...audit.Field) error {
	e := audit.Entry{Kind: kind, Control: control, Public: append([]audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagRecipient, c.Recipient), audit.Text(audit.TagType, c.Kind), audit.Num(audit.TagOrder, c.Num),
	}, more...)}
	if r := p.Policy().RoleBy(by.Role); r != nil {
		e.Public = append(e.Public, audit.Text(audit.TagRole, r.Name))
	}
	_, err := p.log.Append(ctx, act, e)
	return err
}

// A concern is somebody of whom a transfer moves something.
type concern struct {
	facts          subject.Facts
	told, objected time.Time // zero: never
}

// concernPage is how many people are looked at together.
const concernPage = 200

// eachConcern goes through everybody of whom items of a transfer are held.
func (p *Platform) eachConcern(ctx context.Context, c *succession.Case, fn func(context.Context, []concern) error) error {
	for after := int64(0); ; {
		var people []subject.Facts
		err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
			people, err = subject.After(ctx, r, after, concernPage)
			return err
		})
		if err != nil || len(people) == 0 {
			return err
		}
		after = people[len(people)-1].Num
		page, err := p.ofWhom(ctx, c, people)
		if err != nil {
			return err
		}
		if err := fn(ctx, page); err != nil {
			return err
		}
	}
}

// ofWhom returns those of whom items of a transfer are held.
func (p *Platform) ofWhom(ctx context.Context, c *succession.Case, people []subject.Facts) ([]concern, error) {
	people = slices.DeleteFunc(people, func(f subject.Facts) bool { return f.State == subject.Erasing || f.State == subject.Erased })
	in := p.data.NewInquiry()
	held := make([]func() ([]vault.Holding, error), len(people))
	for i, f := range people {
		held[i] = vault.HoldingsOf(in, f.Num)
	}
	if err := in.Run(ctx); err != nil {
		return nil, err
	}
	var out []concern
	for i, f := range people {
		rows, err := held[i]()
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(rows, func(h vault.Holding) bool {
			return slices.ContainsFunc(h.Items, func(n policy.ItemNo) bool { return slices.Contains(c.Items, n) })
		}) {
			out = append(out, concern{facts: f})
		}
	}
	if c.Num == 0 {
		return out, nil
	}
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		for i := range out {
			if out[i].told, out[i].objected, err = gate.ToldOfMoving(ctx, r, c.Num, out[i].facts.Num); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (p *Platform) transfer(ctx context.Context, want succession.ID) (c *succession.Case, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		c, err = succession.Get(ctx, r, want)
		return err
	})
	return c, err
}

// open returns a transfer that has not ended.
func (p *Platform) openTransfer(ctx context.Context, want succession.ID) (*succession.Case, error) {
	c, err := p.transfer(ctx, want)
	if err == nil && c.Ended != nil {
		return nil, fault.New(fault.Conflict, "the transfer is %s", c.State)
	}
	return c, err
}

// TellTransfer writes to everybody concerned who was not told yet: what moves to
// whom, when at the soonest, and how to object or to have everything deleted. It
// returns to how many.
func (p *Platform) TellTransfer(ctx context.Context, want succession.ID, by gate.Actor) (told int, err error) {
	c, err := p.openTransfer(ctx, want)
	if err != nil {
		return 0, err
	}
	switch {
	case by.ID == "" || by.Role == policy.Self:
		return 0, fault.New(fault.Invalid, "say who of the staff lets the letters go")
	case p.mail == nil:
		return 0, fault.New(fault.Conflict, "no mail server is configured: write smtp: into the configuration, or tell people otherwise and record it")
	}
	letter := p.transferLetter(c)
	err = p.eachConcern(ctx, c, func(ctx context.Context, page []concern) error {
		var nums []int64
		for _, x := range page {
			if x.told.IsZero() && x.facts.State == subject.Open {
				nums = append(nums, x.facts.Num)
			}
		}
		if len(nums) == 0 {
			return nil
		}
		told += len(nums)
		return p.tellPage(ctx, c, letter, nums)
	})
	return told, err
}

// tellPage hands one message in for a page of people. To be told is a right of
// theirs, so that it needs no consent and no objection stops it.
func (p *Platform) tellPage(ctx context.Context, c *succession.Case, letter message.Letter, nums []int64) error {
	m := &message.Message{Class: message.Update, Purpose: p.Policy().RightsPurpose(), Channel: message.Email, Reason: "transfer", Language: p.Policy().Languages()[0]}
	if _, err := p.handIn(ctx, m, Sending{Asked: message.Asked{Letter: letter}}, nums); err != nil {
		return err
	}
	act := p.data.NewAct()
	succession.Tell(act, c.Num, m.Num)
	return p.data.Commit(ctx, act)
}

// ToldTransfer records that somebody was told of a transfer otherwise than by mail.
func (p *Platform) ToldTransfer(ctx context.Context, want succession.ID, sub subject.ID, how string, by Actor) error {
	c, err := p.openTransfer(ctx, want)
	if err != nil {
		return err
	}
	if by.ID == "" || how == "" {
		return fault.New(fault.Invalid, "say who of the staff told them, and how")
	}
	d := gate.Duty{Kind: audit.NoticeSent, Control: policy.ShareTransferTold, Public: []audit.Field{audit.Text(audit.TagType, "transfer"), audit.Num(audit.TagOrder, c.Num)}}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		succession.Told(act, c.Num, f.Num, how)
		return nil
	})
}

// ObjectTransfer says that somebody does not want to go along: theirs stays.
func (p *Platform) ObjectTransfer(ctx context.Context, want succession.ID, sub subject.ID, channel string, by Actor) error {
	c, err := p.openTransfer(ctx, want)
	if err != nil {
		return err
	}
	d := gate.Duty{Kind: audit.TransferObjected, Control: policy.ObjectionHonoured, Public: []audit.Field{audit.Num(audit.TagRecipient, c.Recipient), audit.Num(audit.TagOrder, c.Num)}}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		succession.Object(act, c.Num, f.Num, channel)
		return nil
	})
}
