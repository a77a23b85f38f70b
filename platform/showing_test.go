package platform_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/subject"
)

// newcomer registers somebody who has not accepted the policy, and wants to take part in
// surveys.
func (s *served) newcomer() subject.ID {
	s.t.Helper()
	id, refusals, err := s.Register(s.t.Context(), avow.Registration{Adult: true})
	s.refuses("a registration", refusals, err)
	s.must(s.Choose(s.t.Context(), id, platform.Choice{Kind: consent.Consent, Purpose: "survey", Given: true, Explicit: true, Channel: "settings", By: platform.Self(id)}))
	return id
}

func TestNothingIsTakenInBeforeTheScreenShowedThePolicy(t *testing.T) {
	ofPack(t, "goscom-pro", func(s *served) {
		ctx, sub := t.Context(), s.newcomer()
		take := func(showing publication.ShowingID) ([]policy.Refusal, error) {
			given := policy.Given{Item: "survey.answer", Value: "the picture is good", Voluntary: true, Showing: string(showing), Seen: policy.Seen{Session: "s1"}}
			return s.Collect(ctx, sub, "app", []policy.Given{given}, platform.Self(sub))
		}
		elsewhere, err := s.ShowPolicy(ctx, "website", "")
		s.must(err)
		for what, id := range map[string]publication.ShowingID{
			"none": "", "no id at all": "yesterday", "one that nobody recorded": publication.NewShowing(s.clock.Now()), "one of another surface": elsewhere.ID,
		} {
			refusals, err := take(id)
			s.refuses("with "+what, refusals, err, policy.PolicyShown)
		}
		here, err := s.ShowPolicy(ctx, "app", "zh-CN")
		s.must(err)
		if here.Version != s.Version().Num || here.Language != "zh-CN" || here.Surface != "app" {
			t.Errorf("it is on record as %+v", here)
		}
		for range 2 { // a showing is good for more than one value
			refusals, err := take(here.ID)
			s.refuses("with the right one", refusals, err)
		}
		s.left(2, audit.Collected, policy.PolicyShown)
		s.left(4, audit.Refused, policy.PolicyShown)
		s.left(2, audit.PolicyShown, policy.PolicyShown)
	})
}

// A showing says nothing of who stood before the screen: its entry is about nobody.
func TestAShowingIsOfThisPolicyAndAboutNobody(t *testing.T) {
	ofPack(t, "goscom-pro", func(s *served) {
		ctx := t.Context()
		for what, c := range map[string][2]string{
			"a surface it does not hold on": {"television", "en"}, "no surface": {"", "en"}, "a language it is not written in": {"app", "fr"},
		} {
			_, err := s.ShowPolicy(ctx, c[0], c[1])
			if fault.Of(err) != fault.Invalid || !strings.Contains(err.Error(), "name one of") {
				t.Errorf("%s: %v", what, err)
			}
		}
		plain, err := s.ShowPolicy(ctx, "app", "")
		s.must(err)
		if plain.Language != s.Policy().Languages()[0] {
			t.Errorf("without a language it is shown in %q", plain.Language)
		}
		var (
			wg  sync.WaitGroup
			mu  sync.Mutex
			ids = map[publication.ShowingID]bool{plain.ID: true}
		)
		for range 8 {
			wg.Go(func() {
				x, err := s.ShowPolicy(ctx, "app", "en")
				mu.Lock()
				defer mu.Unlock()
				if ids[x.ID] = true; err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(ids) != 9 {
			t.Errorf("nine showings have %d ids", len(ids))
		}
		list, err := s.Entries(ctx, audit.Filter{Kind: audit.PolicyShown, Limit: 100})
		s.must(err)
		for _, e := range list {
			if len(e.Private) != 0 || e.Sealed != "" {
				t.Errorf("the entry of a showing is about somebody: %+v", e)
			}
		}
		if len(list) != 9 {
			t.Errorf("%d entries of nine showings", len(list))
		}
	})
}
