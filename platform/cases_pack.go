package platform

import (
	"context"
	"strings"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/parcel"
)

// packCases gives what somebody said in their cases and what they were answered, for
// the package of everything that is held about them.
func (p *Platform) packCases(ctx context.Context, sub int64, language string, emit func(parcel.Case) error) error {
	for after := int64(0); ; {
		var list []*contact.Case
		err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
			list, err = contact.List(ctx, r, contact.Filter{Subject: sub, After: after, Limit: caseSweep})
			return err
		})
		if err != nil {
			return err
		}
		for _, c := range list {
			packed, err := p.packCase(ctx, c, language)
			if err != nil {
				return err
			}
			if err := emit(packed); err != nil {
				return err
			}
			after = c.Num
		}
		if len(list) < caseSweep {
			return nil
		}
	}
}

func (p *Platform) packCase(ctx context.Context, c *contact.Case, language string) (out parcel.Case, err error) {
	word := func(code string) string { return CaseWord(code, language) }
	out = parcel.Case{
		ID: string(c.ID), Kind: string(c.Kind), Topic: string(c.Topic), Channel: c.Channel, State: string(c.State), Outcome: c.Outcome,
		Received: c.Received, Due: c.Due, First: string(c.First),
		Title: word(string(c.Kind)) + " · " + word(string(c.Topic)), Standing: word(string(c.State)),
	}
	if c.Outcome != "" {
		out.Standing += " · " + word(c.Outcome)
	}
	if k := contact.Class(p.Policy()); k != nil {
		out.Kept = parcel.Kept(k, language)
	}
	events, err := p.caseEvents(ctx, c)
	for _, e := range events {
		turn := parcel.Turn{At: e.At, Kind: e.Kind, Title: turnWord(e.Kind, language), By: e.Actor, Text: e.Text, Contact: e.Contact, Gone: e.Gone}
		if e.Kind != audit.CaseEscalated.String() && e.Note != "" {
			turn.Why = word(e.Note)
		}
		out.Turns = append(out.Turns, turn)
	}
	return out, err
}

// turnWord says to the person what an event of their case is.
func turnWord(kind, language string) string {
	words := map[string][2]string{
		audit.CaseOpened.String(): {"What you said", "您的来信"}, audit.CaseReplied.String(): {"What you were answered", "给您的答复"},
		audit.CaseDelayed.String(): {"The answer took longer", "答复延期"}, audit.CaseEscalated.String(): {"Another case looks at it again", "转入复核"},
		audit.CaseClosed.String(): {"The case was closed", "案件办结"}, audit.CaseKeyEnded.String(): {"What was written was destroyed", "内容已销毁"},
	}
	w, ok := words[kind]
	switch {
	case !ok:
		return kind
	case strings.HasPrefix(strings.ToLower(language), "zh"):
		return w[1]
	}
	return w[0]
}
