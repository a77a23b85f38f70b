package platform

import (
	"context"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// DeclareAge records that somebody says whether they are of age, and nothing more than
// that. Who says to be under age needs a guardian's consent from then on, where the
// policy asks for one; a consent that is on record stays.
func (p *Platform) DeclareAge(ctx context.Context, sub subject.ID, adult bool, by Actor) error {
	age := subject.Minor
	if adult {
		age = subject.Adult
	}
	return p.change(ctx, sub, by, gate.Duty{Kind: audit.AgeDeclared, Control: policy.MinorDeclared}, func(act *db.Act, f subject.Facts) error {
		if f.Kind == subject.Enterprise {
			return fault.New(fault.Conflict, "an organisation has no age")
		}
		subject.SetAge(act, f.Num, age, f.Guardian)
		return nil
	})
}

// OfAge reports whether somebody born on a day is of age today, by the policy. The day
// is used for the answer and kept nowhere.
func (p *Platform) OfAge(born time.Time) (bool, error) {
	now := p.data.Now().In(p.Policy().Calendar().Zone())
	if born.After(now) || now.Year()-born.Year() > 150 {
		return false, fault.New(fault.Invalid, "nobody alive was born on that day")
	}
	years := now.Year() - born.Year()
	if now.Month() < born.Month() || now.Month() == born.Month() && now.Day() < born.Day() {
		years--
	}
	return years >= p.Policy().People().AdultAge, nil
}
