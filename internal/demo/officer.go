package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policies"
)

// The platforms on which there is something for the privacy officer: an incident and
// contracts that soon end on one, a new version of the policy on the other.
const (
	watched   = "goscom-pro"
	rewritten = "example-company"
)

// office adds what a privacy officer sees to, each on its day.
func (d *Demo) office(s *stage) {
	on := func(day int, do scene) { s.scenes[day] = append(s.scenes[day], do) }
	switch s.script.platform {
	case watched:
		on(1, s.contracts)
		on(86, s.incident)
	case rewritten:
		on(71, func(ctx context.Context) error { return d.rewrite(ctx, s) })
		on(84, s.noticed)
		on(88, func(ctx context.Context) error {
			if err := s.TakeEffect(ctx); err != nil {
				return err
			}
			return s.accepts(ctx)
		})
	}
}

// contracts are signed anew: one ends soon after history, and so does an audit.
func (s *stage) contracts(ctx context.Context) error {
	by, err := s.actor("privacy-officer")
	if err != nil {
		return err
	}
	if err := s.Sign(ctx, "oppo-push", "https://contracts.example/oppo-push-2", s.clock.now.Add(12*day)); err != nil {
		return err
	}
	for name, days := range map[string]time.Duration{"xiaomi-push": 9, "huawei-push": 25} {
		_, err := s.Attest(ctx, "recipient-audit", name, attestation.Signature{
			Note: "visited, no finding; the certificate ends sooner than the year", Until: s.clock.now.Add(days * day),
		}, by)
		if err != nil {
			return err
		}
	}
	return nil
}

// incident is a login of support that somebody else had for a few days. All is done but
// one measure.
func (s *stage) incident(ctx context.Context) error {
	by, err := s.actor("privacy-officer")
	if err != nil {
		return err
	}
	i, err := s.DeclareIncident(ctx, incident.Declaration{
		Kind: incident.Access, Language: "en",
		Touched:  incident.Touched{Staff: s.staff["support"].ID, From: s.clock.morning(79), Until: s.clock.morning(86)},
		Happened: "A login of our support was used for some days by somebody who had stolen its password.",
	}, by)
	if err != nil {
		return err
	}
	for _, m := range i.Measures[:min(2, len(i.Measures))] {
		if _, err := s.MeasureDone(ctx, i.ID, m.No, "the password was changed, sessions were ended, and the log was read", by); err != nil {
			return err
		}
	}
	for _, c := range i.Clocks {
		if c.Duty != incident.Authority {
			continue
		}
		if _, err := s.AuthorityTold(ctx, i.ID, c.Law, "filed as R-2026-0"+fmt.Sprint(417+c.No), by); err != nil {
			return err
		}
	}
	advice := "Be careful with calls that speak of your orders. We never ask for a password or a code."
	if _, err = s.TellConcerned(ctx, i.ID, "", advice, "", by); err != nil {
		return err
	}
	_, err = s.Work(ctx)
	return err
}

// rewrite publishes a new version of a policy: logs are kept for longer.
func (d *Demo) rewrite(ctx context.Context, s *stage) error {
	id := s.script.platform
	pack, err := policies.Files.ReadFile(id + ".yaml")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	text := string(pack) + "\nrevision: {reasons: [practice]}\n"
	for _, x := range [][2]string{
		{`label: "`, `label: "2 of `}, {`{en: "Six months, by law", zh-CN: 法定六个月}`, `{en: "A year, as the law lets us", zh-CN: 依法一年}`}, {"for: P6M", "for: P1Y"},
	} {
		if !strings.Contains(text, x[0]) {
			return fault.New(fault.Internal, "the policy of %s has no %q any more", id, x[0])
		}
		text = strings.Replace(text, x[0], x[1], 1)
	}
	if err := d.write(id+".yaml", []byte(text)); err != nil {
		return err
	}
	_, _, err = d.server.Publish(ctx, id, s.clock.morning(88), nil, false)
	return err
}

// noticed has some people come and see the notice of a new version.
func (s *stage) noticed(ctx context.Context) error {
	next, err := s.Coming(ctx)
	if err != nil || next == nil {
		return err
	}
	i := slices.IndexFunc(next.Notices, func(n platform.Notices) bool { return n.Channel == message.Popup })
	for n, l := range s.people {
		if i < 0 || n%2 == 0 || l.id == "" || l.ends < 84 {
			continue
		}
		how := platform.Showing{Surface: "website", At: "login", Seen: n%4 == 1, By: platform.Actor{Role: "self"}}
		if err := s.Note(ctx, l.id, next.Notices[i].Message, how); err != nil && fault.Of(err) != fault.Conflict {
			return err
		}
	}
	return nil
}

// accepts has some people accept the version in force.
func (s *stage) accepts(ctx context.Context) error {
	for n, l := range s.people {
		if n%3 != 0 || l.id == "" || l.ends < 88 {
			continue
		}
		if err := s.Accept(ctx, l.id, platform.Actor{Role: "self"}); err != nil && fault.Of(err) != fault.Conflict {
			return err
		}
	}
	return nil
}
