package platform_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/statistics"
)

// A served is a platform of a pack, and its clock.
type served struct {
	*platform.Platform
	t     testing.TB
	clock *dbtest.Clock
}

// packs runs fn on a platform of Go Soft, whose policy has cookies, beacons, counts and
// incidents, on both engines.
func packs(t *testing.T, fn func(s *served)) { ofPack(t, "go-soft", fn) }

// ofPack runs fn on a platform of a pack, on both engines.
func ofPack(t *testing.T, pack string, fn func(s *served)) {
	src, err := policies.Files.ReadFile(pack + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range world.Engines() {
		t.Run(string(e), func(t *testing.T) {
			w := &world.World{TB: t, Dir: t.TempDir()}
			stores := ""
			if e == db.Postgres {
				stores = fmt.Sprintf("postgresql: {data: %q, keys: %q}\n", world.Database(t, "AVOW_TEST_POSTGRES"), world.Database(t, "AVOW_TEST_POSTGRES_KEYS"))
			}
			w.File("policy.yaml", src)
			w.File("avow.yaml", []byte(stores+"platforms: [{id: "+pack+", policy: policy.yaml}]\n"))
			s := &served{t: t, clock: dbtest.NewClock()}
			server, err := avow.Open(context.Background(), w.Config("avow.yaml"), avow.Options{Clock: s.clock.Now})
			w.Must(err)
			t.Cleanup(func() { w.Must(server.Close()) })
			s.Platform, err = server.Platform(pack)
			w.Must(err)
			fn(s)
		})
	}
}

func (s *served) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// refuses wants a refusal by a control; nil wants none.
func (s *served) refuses(what string, list []policy.Refusal, err error, by ...policy.Control) {
	s.t.Helper()
	s.must(err)
	var got []policy.Control
	for _, r := range list {
		got = append(got, r.Control)
	}
	if !slices.Equal(got, by) {
		s.t.Errorf("%s is refused by %v, want %v", what, got, by)
	}
}

// entries counts the entries of a kind that show a control.
func entries(t testing.TB, p *platform.Platform, kind audit.Kind, shows policy.Control) (n int) {
	t.Helper()
	list, err := p.Entries(t.Context(), audit.Filter{Kind: kind, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if slices.Contains(e.Public.Controls(), shows) {
			n++
		}
	}
	return n
}

// left wants so many entries of a kind that show a control.
func (s *served) left(want int, kind audit.Kind, shows policy.Control) {
	s.t.Helper()
	if got := entries(s.t, s.Platform, kind, shows); got != want {
		s.t.Errorf("%d entries of kind %v show %s, want %d", got, kind, shows, want)
	}
}

// What a browser did not let in is neither set nor counted, what it let in is, and each
// answer stands in the log.
func TestACookieIsSetOnlyWhereTheBrowserLetItIn(t *testing.T) {
	packs(t, func(s *served) {
		ctx := t.Context()
		set := func(name string, life time.Duration, b platform.Browser) ([]policy.Refusal, error) {
			return s.SetCookie(ctx, platform.CookieUse{Cookie: name, Life: life, Value: platform.NewPersonal("zh-CN"), Browser: b})
		}
		visit := func(b platform.Browser) ([]policy.Refusal, error) {
			return s.CountVisit(ctx, platform.BeaconVisit{Beacon: "visit", Point: "website", Browser: b})
		}
		list, err := set("preferences", time.Hour, platform.Browser{})
		s.refuses("a cookie before any answer", list, err, policy.CookieChoice)
		s.left(1, audit.TrackerDenied, policy.CookieChoice)
		list, err = set("nobody-knows-it", time.Hour, platform.Browser{})
		s.refuses("a cookie that is not declared", list, err, policy.CookieDeclared)
		s.left(1, audit.TrackerDenied, policy.CookieDeclared)
		if list, err = visit(platform.Browser{}); err != nil || len(list) == 0 {
			t.Errorf("a beacon fires before any answer: %v", err)
		}

		text, until, err := s.ChooseCookies(ctx, platform.Browser{}, []string{"cookies.preferences", "beacons.visit"})
		s.must(err)
		s.left(1, audit.CookiesChosen, policy.CookieChoice)
		b := platform.Browser{Cookie: text}
		list, err = set("preferences", time.Hour, b)
		s.refuses("a cookie that was let in", list, err)
		s.left(1, audit.CookieSet, policy.CookieContent)
		list, err = set("habits", time.Hour, b)
		s.refuses("one that was not", list, err, policy.CookieChoice)
		list, err = set("preferences", 200*24*time.Hour, b)
		s.refuses("one that lives longer than declared", list, err, policy.CookieDeclared)
		list, err = visit(b)
		s.refuses("a beacon that was let in", list, err)
		s.left(1, audit.BeaconCounted, policy.BeaconCounted)

		list, err = s.ReadCookie(ctx, platform.CookieUse{Cookie: "preferences", Purpose: "habits", Browser: b})
		s.refuses("a reading for another purpose", list, err, policy.CookiePurpose)
		list, err = s.ReadCookie(ctx, platform.CookieUse{Cookie: "preferences", Purpose: "settings", Browser: b})
		s.refuses("a reading for its own", list, err)
		s.left(1, audit.CookieRead, policy.CookiePurpose)

		s.clock.Set(until.Add(time.Second))
		list, err = set("preferences", time.Hour, b)
		s.refuses("a cookie after the answer has ended", list, err, policy.CookieChoice)
	})
}

// A browser that is cleared is forgotten, with an entry that counts what went.
func TestAClearedBrowserIsAskedAnew(t *testing.T) {
	packs(t, func(s *served) {
		ctx := t.Context()
		text, _, err := s.ChooseCookies(ctx, platform.Browser{}, []string{"cookies.preferences"})
		s.must(err)
		b := platform.Browser{Cookie: text}
		if at, err := s.Cookies(ctx, b); err != nil || !at.Known || !at.Allowed["cookies.preferences"] {
			t.Fatalf("what was chosen is not kept: %+v, %v", at, err)
		}
		n, err := s.ClearCookies(ctx, b, "")
		s.must(err)
		if n != 1 {
			t.Errorf("%d records went, want 1", n)
		}
		s.left(1, audit.CookiesCleared, policy.CookieCleared)
		if at, err := s.Cookies(ctx, b); err != nil || at.Known || at.Allowed["cookies.preferences"] {
			t.Errorf("the browser is still known: %+v, %v", at, err)
		}
		text, _, err = s.ChooseCookies(ctx, platform.Browser{}, []string{"cookies.preferences"})
		s.must(err)
		_, _, err = s.ChooseCookies(ctx, platform.Browser{Cookie: text}, nil)
		s.must(err)
		if at, err := s.Cookies(ctx, platform.Browser{Cookie: text}); err != nil || at.Known || at.Allowed["cookies.preferences"] {
			t.Errorf("a browser that lets nothing in keeps its number: %+v, %v", at, err)
		}
	})
}

// by is somebody of the staff.
func (s *served) by(role, id string) gate.Actor {
	for no := policy.RoleNo(1); ; no++ {
		r := s.Policy().RoleBy(no)
		if r == nil {
			s.t.Fatalf("the pack has no role %s", role)
		}
		if r.Name == role {
			return gate.Actor{Role: no, ID: id}
		}
	}
}

// An incident is declared by the staff, is not closed while anything of its plan is
// open, and each step stands in the log.
func TestAnIncidentIsNotClosedBeforeItsPlanIsDone(t *testing.T) {
	packs(t, func(s *served) {
		ctx, jun := t.Context(), s.by("privacy-officer", "stf_jun")
		d := incident.Declaration{Kind: incident.Leak, Happened: "a table was left open", Touched: incident.Touched{Items: []string{"access.pages"}}}
		if _, err := s.DeclareIncident(ctx, d, gate.Actor{Role: policy.Self, ID: "sub_1"}); fault.Of(err) != fault.Denied {
			t.Errorf("a person declares an incident: %v", err)
		}
		i, err := s.DeclareIncident(ctx, d, jun)
		s.must(err)
		s.left(1, audit.IncidentOpened, policy.IncidentPlanned)
		closing := func() error { _, err := s.CloseIncident(ctx, i.ID, jun); return err }
		for n, m := range i.Measures {
			if err := closing(); fault.Of(err) != fault.Conflict {
				t.Errorf("it is closed with %d measures open: %v", len(i.Measures)-n, err)
			}
			_, err := s.MeasureDone(ctx, i.ID, m.No, "done", jun)
			s.must(err)
		}
		s.left(len(i.Measures), audit.IncidentMoved, policy.IncidentMeasures)
		for _, c := range i.Clocks {
			if c.Law == "" {
				continue
			}
			if err := closing(); fault.Of(err) != fault.Conflict {
				t.Errorf("it is closed before the authority of %s was told: %v", c.Law, err)
			}
			_, err := s.AuthorityTold(ctx, i.ID, c.Law, "by post", jun)
			s.must(err)
		}
		s.must(closing())
		s.left(1, audit.IncidentClosed, policy.IncidentMeasures)
		told, err := s.DeclareIncident(ctx, d, jun)
		s.must(err)
		for _, c := range told.Clocks {
			if c.Law != "" {
				_, err := s.AuthorityTold(ctx, told.ID, c.Law, "by post", jun)
				s.must(err)
			}
		}
		if _, err := s.CloseIncident(ctx, told.ID, jun); fault.Of(err) != fault.Conflict {
			t.Errorf("one whose measures alone are open is closed: %v", err)
		}
		if _, err := s.TakeCharge(ctx, i.ID, jun); fault.Of(err) != fault.Conflict {
			t.Errorf("a closed incident moves: %v", err)
		}
	})
}

// Counts leave for their own purpose, to those that the policy names, when somebody else
// has approved them who may; and every refusal stands in the log.
func TestCountsLeaveOnlyAsThePolicyLetsThem(t *testing.T) {
	packs(t, func(s *served) {
		ctx, jun, ann := t.Context(), s.by("privacy-officer", "stf_jun"), s.by("privacy-officer", "stf_ann")
		trend := []byte("month,people\n2026-03,120\n2026-04,131\n")
		good := statistics.Asking{Set: "industry", Purpose: "industry-analysis", Audience: "partners", Recipient: "an association", CSV: trend, By: jun}
		denied := 0
		refused := func(what string, code policy.Code, change func(a *statistics.Asking)) {
			t.Helper()
			a := good
			change(&a)
			_, reasons, err := s.ProposeStatistics(ctx, a)
			s.must(err)
			if !slices.ContainsFunc(reasons, func(r policy.Reason) bool { return r.Code == code }) {
				t.Errorf("%s: %v, want %s", what, reasons, code)
			}
			denied++
			s.left(denied, audit.Denied, policy.StatisticsReleased)
		}
		refused("a set that stays here", statistics.NotShared, func(a *statistics.Asking) { a.Set, a.Purpose = "use-of-functions", "business-analysis" })
		refused("another purpose", statistics.OtherPurpose, func(a *statistics.Asking) { a.Purpose = "product-research" })
		refused("the public", statistics.NotForThem, func(a *statistics.Asking) { a.Audience = "public" })
		refused("a table of few people", statistics.FailedCheck, func(a *statistics.Asking) { a.CSV = []byte("month,people\n2026-03,120\n2026-04,3\n") })

		r, reasons, err := s.ProposeStatistics(ctx, good)
		s.must(err)
		if len(reasons) > 0 || r.Released != nil {
			t.Fatalf("a good release: %v, out since %v before anybody approved it", reasons, r.Released)
		}
		for what, by := range map[string]gate.Actor{"who proposed it": jun, "a role that approves nothing": s.by("product", "stf_mei")} {
			if _, reasons, err := s.ApproveStatistics(ctx, r.ID, by); err != nil || len(reasons) != 1 || reasons[0].Code != statistics.NobodyApproves {
				t.Errorf("%s approves it: %v, %v", what, reasons, err)
			}
		}
		if kept, err := s.StatisticsRelease(ctx, r.ID); err != nil || kept.Released != nil {
			t.Errorf("it is out: %+v, %v", kept, err)
		}
		_, reasons, err = s.ApproveStatistics(ctx, r.ID, ann)
		s.must(err)
		kept, err := s.StatisticsRelease(ctx, r.ID)
		s.must(err)
		if len(reasons) > 0 || kept.Released == nil || kept.By != ann.ID || string(kept.Data) != string(trend) {
			t.Errorf("approved by somebody else: %v, %+v", reasons, kept)
		}
		s.left(2, audit.StatisticReleased, policy.StatisticsReleased)
		if _, _, err := s.ApproveStatistics(ctx, r.ID, ann); fault.Of(err) != fault.Conflict {
			t.Errorf("it is approved twice: %v", err)
		}
		if _, err := s.CountPeople(ctx, "industry", time.Time{}, time.Time{}, jun); err != nil {
			t.Error(err)
		}
		s.left(1, audit.StatisticCounted, policy.StatisticsSmall)
	})
}

// A permission is asked for and read through in its own function alone, on the device
// that gave it, for as long as it is given; and each answer stands in the log.
func TestAPermissionOpensNothingElseAndEndsWhenItIsTurnedOff(t *testing.T) {
	worlds(t, func(w *world.World) {
		ctx, lin := t.Context(), w.People[0].ID
		s := &served{t: w, Platform: w.P}
		of := platform.Permission{Device: "tablet-7", Name: "camera", Function: "add-device"}
		other := of
		other.Function = "push"
		list, err := s.OpenPermission(ctx, lin, of, platform.Actor{})
		s.refuses("a camera that was not asked for", list, err, policy.PermissionAsked)
		s.left(1, audit.PermissionDenied, policy.PermissionAsked)
		list, err = s.AnswerPermission(ctx, lin, platform.AskedPermission{Permission: other, Granted: true})
		s.refuses("asking in another function", list, err, policy.PermissionPaired)
		answered := entries(t, s.Platform, audit.PermissionAnswered, policy.PermissionAsked)
		list, err = s.AnswerPermission(ctx, lin, platform.AskedPermission{Permission: of, Granted: true})
		s.refuses("asking in its own", list, err)
		s.left(answered+1, audit.PermissionAnswered, policy.PermissionAsked)

		list, err = s.OpenPermission(ctx, lin, other, platform.Actor{})
		s.refuses("opening it in another function", list, err, policy.PermissionPaired)
		elsewhere := of
		elsewhere.Device = "tablet-8"
		list, err = s.OpenPermission(ctx, lin, elsewhere, platform.Actor{})
		s.refuses("opening it on another device", list, err, policy.PermissionAsked)
		list, err = s.OpenPermission(ctx, lin, of, platform.Actor{})
		s.refuses("opening it", list, err)
		s.left(1, audit.PermissionOpened, policy.PermissionPaired)
		s.must(s.ClosePermission(ctx, lin, of, platform.Actor{}))
		s.left(1, audit.PermissionClosed, policy.PermissionPaired)
		if err := s.ClosePermission(ctx, lin, of, platform.Actor{}); fault.Of(err) != fault.Conflict {
			t.Errorf("what is closed is closed again: %v", err)
		}

		s.must(s.RevokePermission(ctx, lin, of, platform.Actor{}))
		s.left(1, audit.PermissionOff, policy.PermissionRevoked)
		list, err = s.OpenPermission(ctx, lin, of, platform.Actor{})
		s.refuses("opening it after it was turned off", list, err, policy.PermissionRevoked)
	})
}
