package platform_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// trader registers somebody who trades.
func (s *served) trader(kind subject.Kind) subject.ID {
	s.t.Helper()
	id, refusals, err := s.Register(s.t.Context(), avow.Registration{Kind: kind, Accepted: true, Adult: true})
	s.refuses("a registration", refusals, err)
	return id
}

// officer is somebody of the staff who was trained and gave their undertaking.
func (s *served) officer() gate.Actor {
	s.t.Helper()
	jun := s.by("privacy-officer", "stf_jun")
	for {
		duty, err := s.Lacks(s.t.Context(), jun.ID)
		s.must(err)
		if duty == "" {
			return jun
		}
		_, err = s.Pledge(s.t.Context(), duty, jun.ID, attestation.Signature{Note: "signed on paper"}, s.by("privacy-officer", "stf_mei"))
		s.must(err)
	}
}

// fieldsOf gives each name a value that no log entry may hold.
func fieldsOf(names ...string) map[string]platform.Personal {
	out := map[string]platform.Personal{}
	for _, n := range names {
		out[n] = platform.NewPersonal("blue heron of " + n)
	}
	return out
}

func TestAPublicRegisterShowsAllOrNothingAndTheLogNoValue(t *testing.T) {
	ofPack(t, "buygogo", func(s *served) {
		ctx, jun := t.Context(), s.officer()
		lin, firm := s.trader(subject.Natural), s.trader(subject.Enterprise)
		all := []string{"name", "registration", "permit"}
		for _, c := range []struct {
			what   string
			of     subject.ID
			fields []string
			codes  []policy.Code
		}{
			{"what the law lists", lin, all, nil},
			{"a field more", lin, append(slices.Clone(all), "home"), []policy.Code{policy.FieldExcess}},
			{"a field less", lin, all[:2], []policy.Code{policy.FieldMissing}},
			{"no field", lin, nil, []policy.Code{policy.FieldMissing, policy.FieldMissing, policy.FieldMissing}},
			{"a firm's motto", firm, append(slices.Clone(all), "motto"), nil},
		} {
			refusals, err := s.PublishRegister(ctx, c.of, "registers", fieldsOf(c.fields...), jun)
			s.must(err)
			var codes []policy.Code
			for _, r := range refusals {
				codes = append(codes, r.Code)
			}
			if !slices.Equal(codes, c.codes) {
				t.Errorf("%s: refused by %v, want %v", c.what, codes, c.codes)
			}
			kind := audit.RegisterPublished
			if len(c.codes) > 0 {
				kind = audit.Refused
			}
			own, err := s.History(ctx, c.of, 1)
			s.must(err)
			if e := own[0]; e.Kind != kind || e.Control != policy.PublicationLimited {
				t.Errorf("%s: the newest entry is %v of %s", c.what, e.Kind, e.Control)
			} else if text := fmt.Sprintf("%+v %+v", e.Public, e.Private); strings.Contains(text, "heron") || strings.Contains(text, "motto") && kind == audit.RegisterPublished {
				t.Errorf("%s: the entry holds what passed through: %s", c.what, text)
			}
		}
		s.left(2, audit.RegisterPublished, policy.PublicationLimited)
		s.left(3, audit.Refused, policy.PublicationLimited)
	})
}

func TestARegisterIsPublishedByStaffOfSomebodyWithValuesOfTheRightLength(t *testing.T) {
	ofPack(t, "buygogo", func(s *served) {
		jun, lin := s.officer(), s.trader(subject.Natural)
		whole := func(last string) map[string]platform.Personal {
			out := fieldsOf("name", "registration", "permit")
			out["permit"] = platform.NewPersonal(last)
			return out
		}
		for what, c := range map[string]struct {
			of       subject.ID
			register string
			fields   map[string]platform.Personal
			by       gate.Actor
			want     fault.Kind
			says     string
		}{
			"another register":     {lin, "phone-book", whole("none"), jun, fault.NotFound, "no public register of that name"},
			"what is no register":  {lin, "agreements", whole("none"), jun, fault.NotFound, "no public register of that name"},
			"by the person":        {lin, "registers", whole("none"), gate.Actor{Role: policy.Self, ID: string(lin)}, fault.Invalid, "say who of the staff"},
			"by nobody":            {lin, "registers", whole("none"), gate.Actor{}, fault.Invalid, "say who of the staff"},
			"by who is untrained":  {lin, "registers", whole("none"), s.by("engineer", "stf_ann"), fault.Denied, "staff.access-lapsed"},
			"an empty value":       {lin, "registers", whole(""), jun, fault.Invalid, "1 to 2000 bytes"},
			"a value of 2001":      {lin, "registers", whole(strings.Repeat("p", 2001)), jun, fault.Invalid, "1 to 2000 bytes"},
			"a value of 2000":      {lin, "registers", whole(strings.Repeat("p", 2000)), jun, "", ""},
			"somebody not on file": {subject.NewID(), "registers", whole("none"), jun, fault.NotFound, ""},
		} {
			refusals, err := s.PublishRegister(t.Context(), c.of, c.register, c.fields, c.by)
			if fault.Of(err) != c.want || len(refusals) > 0 || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v, %v; want %q with %q", what, refusals, err, c.want, c.says)
			}
			for v := range maps.Values(c.fields) {
				if err != nil && v.Reveal() != "" && strings.Contains(err.Error(), v.Reveal()) {
					t.Errorf("%s: the error holds a value: %v", what, err)
				}
			}
		}
		s.left(1, audit.RegisterPublished, policy.PublicationLimited)
	})
}
