package platform

import (
	"context"
	"fmt"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/disclosure"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// guardianKind is the entry of a guardian's consent.
const guardianKind = audit.GuardianConsented

func guardianSaysYes(act *db.Act, f subject.Facts) error {
	if f.Age != subject.Minor {
		return fault.New(fault.Conflict, "the subject has not said to be under age")
	}
	subject.SetAge(act, f.Num, f.Age, true)
	return nil
}

// pause waits a little for work that somebody else has.
func pause(ctx context.Context) error {
	t := time.NewTimer(100 * time.Millisecond)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Entries returns log entries.
func (p *Platform) Entries(ctx context.Context, f audit.Filter) ([]audit.Record, error) {
	if endOfLog(f) {
		return p.log.Newest(ctx, f.Limit)
	}
	var out []audit.Record
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		out, err = p.log.Entries(ctx, r, f)
		return err
	})
	return out, err
}

// endOfLog reports whether a page is the end of the whole log, as [audit.Log.Newest] has it.
func endOfLog(f audit.Filter) bool {
	return f == audit.Filter{Newest: true, Limit: f.Limit} && f.Limit > 0 && f.Limit <= audit.NewestMost
}

// A Verification is what verifying the log found.
type Verification struct {
	Size    int64    `json:"size"` // entries verified
	Root    string   `json:"root"`
	Pending int64    `json:"pending"` // entries not yet in order
	Pruned  int64    `json:"pruned"`
	Wrong   []string `json:"wrong"`   // the first wrong entry first
	Differs []string `json:"differs"` // ledgers that do not say what the entries say
}

// VerifyLog recomputes the whole log. With state it also folds subjects,
// consents and disclosures from the entries, and compares.
func (p *Platform) VerifyLog(ctx context.Context, v audit.Verify, state bool) (Verification, error) {
	if _, err := p.log.Sequence(ctx); err != nil && fault.Of(err) != fault.Busy {
		return Verification{}, err
	}
	report, err := p.log.Verify(ctx, v)
	if err != nil {
		return Verification{}, err
	}
	out := Verification{
		Size: report.Size, Root: fmt.Sprintf("%x", report.Root[:]), Pending: report.Pending, Pruned: report.Pruned,
		Wrong: []string{}, Differs: []string{},
	}
	for _, w := range report.Wrong {
		out.Wrong = append(out.Wrong, w.String())
	}
	if state {
		out.Differs, err = p.compareState(ctx)
	}
	return out, err
}

// A folded subject is what the entries say about one.
type folded struct {
	state       subject.State
	restricted  bool
	choices     map[choiceOf]choice
	turn        uint64 // of the newest restriction, or its end
	registered  bool
	disclosures int
}

// A choice is what was said last, and at which turn: entries of two nodes may
// have their places in another order.
type choice struct {
	given bool
	turn  uint64
}

// A choiceOf is what a choice is about.
type choiceOf struct {
	kind      consent.Kind
	purpose   policy.PurposeNo
	recipient policy.RecipientNo
}

// compareState refolds the ledgers from the entries on one snapshot.
func (p *Platform) compareState(ctx context.Context) (differs []string, err error) {
	differs = []string{}
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		people, err := p.fold(ctx, r)
		if err != nil {
			return err
		}
		after := int64(0)
		for {
			page, err := subject.After(ctx, r, after, 500)
			if err != nil {
				return err
			}
			for _, f := range page {
				d, err := compare(ctx, r, f, people[f.Num])
				if err != nil {
					return err
				}
				differs = append(differs, d...)
				delete(people, f.Num)
				after = f.Num
			}
			if len(page) < 500 {
				break
			}
		}
		if len(people) > 0 {
			differs = append(differs, fmt.Sprintf("%d subjects that the log knows are in no table", len(people)))
		}
		return nil
	})
	return differs, err
}

// fold reads every entry, oldest first, those without a place yet last. Entries
// of two nodes may have their places in another order than they were made:
// turns tell what was said later, and nothing comes after an erasure.
func (p *Platform) fold(ctx context.Context, r db.Reader) (map[int64]*folded, error) {
	people := map[int64]*folded{}
	after := ""
	for {
		page, err := p.log.Entries(ctx, r, audit.Filter{After: after, Limit: 1000})
		if err != nil {
			return nil, err
		}
		for _, e := range page {
			after = e.Cursor(false)
			if e.Subject == 0 {
				continue
			}
			f := people[e.Subject]
			if f == nil {
				f = &folded{state: subject.Open, choices: map[choiceOf]choice{}}
				people[e.Subject] = f
			}
			f.apply(e)
		}
		if len(page) < 1000 {
			return people, nil
		}
	}
}

func (f *folded) apply(e audit.Record) {
	turn := e.Public.Num(audit.TagTurn)
	switch e.Kind {
	case audit.SubjectRegistered:
		f.registered = true
		return
	case audit.Restricted, audit.Unrestricted:
		if turn > f.turn {
			f.restricted, f.turn = e.Kind == audit.Restricted, turn
		}
		return
	}
	if f.state == subject.Erased {
		return
	}
	switch e.Kind {
	case audit.AccountClosed:
		if f.state == subject.Open {
			f.state = subject.Closed
		}
	case audit.Erasing:
		if _, part := e.Public.Get(audit.TagClass); !part {
			f.state = subject.Erasing
		}
	case audit.Erased:
		f.state, f.choices, f.disclosures = subject.Erased, map[choiceOf]choice{}, 0
	case audit.Consented, audit.Withdrawn, audit.Objected, audit.ObjectionEnded:
		about := choiceOf{
			consent.Kind(e.Public.Text(audit.TagType)), policy.PurposeNo(e.Public.Num(audit.TagPurpose)), policy.RecipientNo(e.Public.Num(audit.TagRecipient)),
		}
		if turn > f.choices[about].turn {
			f.choices[about] = choice{e.Kind == audit.Consented || e.Kind == audit.Objected, turn}
		}
	case audit.Used:
		if _, given := e.Public.Get(audit.TagRecipient); given {
			f.disclosures++
		}
	}
}

// compare says where the tables differ from what was folded about one subject.
func compare(ctx context.Context, r db.Reader, f subject.Facts, want *folded) ([]string, error) {
	if want == nil || !want.registered {
		return []string{fmt.Sprintf("%s is in the tables and the log has no registration", f.ID)}, nil
	}
	var out []string
	say := func(format string, args ...any) { out = append(out, string(f.ID)+": "+fmt.Sprintf(format, args...)) }
	if f.State != want.state {
		say("the table says %s, the log %s", f.State, want.state)
	}
	if f.Restricted != want.restricted {
		say("the table says restricted %v, the log %v", f.Restricted, want.restricted)
	}
	history, err := consent.History(ctx, r, f.Num)
	if err != nil {
		return nil, err
	}
	have := map[choiceOf]bool{}
	for _, c := range history {
		have[choiceOf{c.Kind, c.Purpose, c.Recipient}] = c.Given
	}
	for about, said := range want.choices {
		if got, ok := have[about]; !ok || got != said.given {
			say("%s about purpose %d, recipient %d: the log says %v and the table does not", about.kind, about.purpose, about.recipient, said.given)
		}
	}
	for about := range have {
		if _, ok := want.choices[about]; !ok {
			say("%s about purpose %d, recipient %d stands in the table and not in the log", about.kind, about.purpose, about.recipient)
		}
	}
	given, err := disclosure.List(ctx, r, f.Num)
	if err != nil {
		return nil, err
	}
	if len(given) != want.disclosures {
		say("%d disclosures in the table, %d in the log", len(given), want.disclosures)
	}
	return out, nil
}
