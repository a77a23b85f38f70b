package gate

import (
	"context"
	"slices"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/device"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// observed reads what values rest on that were observed: what the device may read,
// and the session they were seen in. Each permission changes in an act that moves
// the subject's version, and so does the end of a session: an act that rests on one
// that is over by then is lost.
func (g *Gate) observed(ctx context.Context, p *policy.Policy, s *State, a Admission) (f policy.Facts, o device.Observed, err error) {
	f = s.Facts
	if !p.Observes(a.Point, a.Given) {
		return f, o, nil
	}
	if err := device.CheckSeen(a.Given); err != nil {
		return f, o, err
	}
	err = g.data.Read(ctx, func(r *db.Snapshot) (err error) {
		o, err = device.Standing(ctx, r, s.Subject.Num, a.Given, g.data.Now())
		return err
	})
	f.Permits, f.Over = o.Permits, o.Over
	return f, o, err
}

// seen writes into the entry of an admission where its values were observed. What
// the app calls device and session is sealed; a function stands there where the
// policy knows it.
func seen(p *policy.Policy, a Admission, e *audit.Entry) {
	if !p.Observes(a.Point, a.Given) {
		return
	}
	type field struct {
		tag  audit.Tag
		text string
	}
	there := map[field]bool{}
	add := func(fields *[]audit.Field, tag audit.Tag, text string) {
		if text != "" && !there[field{tag, text}] {
			*fields = append(*fields, audit.Text(tag, text))
		}
		there[field{tag, text}] = true
	}
	for _, v := range a.Given {
		it, err := p.Item(v.Item)
		if err != nil || it.Origin != policy.FromDevice {
			continue
		}
		if p.InUse(a.Point) && v.Seen.Session != "" {
			add(&e.Private, audit.TagSession, v.Seen.Session)
			also(e, policy.CollectInUse)
		}
		if through, _ := p.Behind(it.No, a.Point); through == nil {
			continue
		}
		also(e, policy.PermissionPaired)
		add(&e.Private, audit.TagDevice, v.Seen.Device)
		if p.HasFunction(v.Seen.Function) {
			add(&e.Public, audit.TagFunction, v.Seen.Function)
		}
	}
}

func also(e *audit.Entry, c policy.Control) {
	if !slices.Contains(e.Also, c) {
		e.Also = append(e.Also, c)
	}
}

// holds reports whether a device is a subject's: of those who named it, the one who
// proved that it is theirs, or the only one where nobody did.
func holds(found []subject.Candidate, num int64) bool {
	mine, others, proved := false, false, int64(0)
	for _, c := range found {
		mine, others = mine || c.Num == num, others || c.Num != num
		if c.Verified {
			proved = c.Num
		}
	}
	if proved != 0 {
		return proved == num
	}
	return mine && !others
}

// bound reports whether a device is bound to a subject and to nobody else. What
// binds and unbinds it moves the subject's version.
func (g *Gate) bound(ctx context.Context, r db.Reader, p *policy.Policy, num int64, name string) (bool, error) {
	for _, it := range p.Items() {
		if it.Identifier != "device-id" {
			continue
		}
		normal, err := policy.Normal(it.Type, name)
		if err == nil {
			normal, err = seal.NormalForm(it.Identifier, normal)
		}
		if fault.Of(err) == fault.Invalid {
			return false, nil // no name of a device is no device
		}
		if err != nil {
			return false, err
		}
		found, err := subject.Find(ctx, r, g.keys.Index(it.Identifier, normal))
		return holds(found, num), err
	}
	return false, nil
}
