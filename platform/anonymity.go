package platform

import (
	"context"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/retention"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// The ways by which something anonymous could be led back to a closed account.
const (
	wayRow        = "record-of-account" // a record of an account that was made anonymous, or should have been
	wayIdentifier = "identifier-of-erased"
	wayAlone      = "nothing-left-counted" // a month says that fewer than no value was left
)

// An AnonymityCheck is a search for a way back from what stays of accounts that were
// closed to their persons.
type AnonymityCheck struct {
	At       time.Time `json:"at"`
	Accounts int       `json:"accounts"` // closed and erased ones that were looked at
	Records  int       `json:"records"`  // kept records: counts of values by item and month
	Ways     []WayBack `json:"ways"`     // none: nothing leads back
}

// A WayBack is something by which a record could be led back. It names nobody.
type WayBack struct {
	Way   string `json:"way"`
	Class string `json:"class,omitempty"`
	Item  string `json:"item,omitempty"`
	Count int    `json:"count"`
}

// CheckAnonymity searches, as somebody would who has all stores, for a way from what
// stays of closed accounts back to them: records that still name an account whose data
// was made anonymous or erased, identifiers of erased people that still find them, and
// kept counts that are none. The entry says what was found; where something was, the
// promise stands as broken until a later check finds nothing.
func (p *Platform) CheckAnonymity(ctx context.Context) (out AnonymityCheck, err error) {
	out.At, out.Ways = p.data.Now(), []WayBack{}
	ways := map[WayBack]int{}
	left, err := p.Retention().Left(ctx)
	if err != nil {
		return out, err
	}
	for _, l := range left {
		out.Records++
		if l.Values < 1 || l.Item == "" {
			ways[WayBack{Way: wayAlone, Item: l.Item}]++
		}
	}
	for after := int64(0); ; {
		var page []subject.Facts
		err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
			page, err = subject.After(ctx, r, after, spreadBy)
			return err
		})
		if err != nil {
			return out, err
		}
		for _, f := range page {
			after = f.Num
			if f.State != subject.Closed && f.State != subject.Erased {
				continue
			}
			out.Accounts++
			if err := p.waysTo(ctx, f, out.At, ways); err != nil {
				return out, err
			}
		}
		if len(page) < spreadBy {
			break
		}
	}
	for w, n := range ways {
		w.Count = n
		out.Ways = append(out.Ways, w)
	}
	return out, p.enterCheck(ctx, out)
}

// waysTo looks for what leads to one account.
func (p *Platform) waysTo(ctx context.Context, f subject.Facts, now time.Time, ways map[WayBack]int) error {
	held, err := p.vault.Holdings(ctx, f.Num)
	if err != nil {
		return err
	}
	for _, h := range held {
		c := p.Policy().ClassBy(h.Class)
		if c == nil {
			continue
		}
		late := c.Then == "anonymise" && !h.Due.IsZero() && h.Due.Before(now)
		if late || f.State == subject.Erased && !c.Law && h.Point != vault.Retained {
			ways[WayBack{Way: wayRow, Class: c.Name}]++
		}
	}
	if f.State != subject.Erased {
		return nil
	}
	var ids []subject.Identifier
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		ids, err = subject.Identifiers(ctx, r, f.Num)
		return err
	})
	for _, i := range ids {
		if i.Class == 0 { // one of a kept class finds what the law keeps, and nothing else
			ways[WayBack{Way: wayIdentifier}]++
		}
	}
	return err
}

func (p *Platform) enterCheck(ctx context.Context, c AnonymityCheck) error {
	found := 0
	e := audit.Entry{Kind: audit.AnonymityChecked, Control: policy.RetentionAnonymous}
	for _, w := range c.Ways {
		found += w.Count
		e.Public = append(e.Public, audit.Text(audit.TagReason, w.Way))
	}
	if found > 0 {
		e.Control = policy.RetentionAnonymous.Broken()
	}
	e.Public = append([]audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagCount, c.Accounts), audit.Num(audit.TagKept, c.Records), audit.Num(audit.TagDone, found),
	}, e.Public...)
	return p.appendAlone(ctx, e)
}

// checkedAfter checks at once what a sweep has made anonymous.
func (p *Platform) checkedAfter(ctx context.Context, r retention.Report) error {
	if r.DryRun {
		return nil
	}
	for _, c := range r.Classes {
		if c.Then == "anonymise" && c.Rows > 0 {
			_, err := p.CheckAnonymity(ctx)
			return err
		}
	}
	return nil
}
