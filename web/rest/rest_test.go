package rest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/avow-dev/avow/api"
)

func TestASubjectIsRegisteredUsedCorrectedAndErased(t *testing.T) {
	b := newBed(t)
	id := b.register("lin@example.org")
	use := api.Use{Subject: id, Items: []string{"account.email"}, Purpose: "account"}
	got := want[api.Answer](b, 200, "POST", "/uses", use)
	if len(got.Values) != 1 || got.Values[0].Value != "lin@example.org" || got.Values[0].Item != "account.email" || got.Entry == 0 {
		t.Errorf("use: %+v", got)
	}
	if found := want[api.Found](b, 200, "POST", "/identifiers/lookup", api.Identifier{Kind: "email", Value: "LIN@example.org "}); len(found.Subjects) != 1 || found.Subjects[0] != id {
		t.Errorf("found: %+v", found)
	}
	if s := want[api.Subject](b, 200, "GET", "/subjects/"+id, nil); s.State != "open" || len(s.Identifiers) != 1 || s.Identifiers[0] != "email" || s.Accepted == "" {
		t.Errorf("subject: %+v", s)
	}
	want[struct{}](b, 204, "PUT", "/subjects/"+id+"/values/account.email", api.Correct{Value: "lin.mei@example.org"})
	if got := want[api.Answer](b, 200, "POST", "/uses", use); got.Values[0].Value != "lin.mei@example.org" {
		t.Errorf("corrected: %+v", got)
	}
	if e := want[api.Erased](b, 200, "POST", "/subjects/"+id+"/erasure", api.Erase{Everything: true}); e.Keys == 0 || e.Destroyed == nil {
		t.Errorf("erased: %+v", e)
	}
	if s := want[api.Subject](b, 200, "GET", "/subjects/"+id, nil); s.State != "erased" || len(s.Identifiers) != 0 {
		t.Errorf("after erasure: %+v", s)
	}
	if a := b.do("POST", "/uses", use); a.status != 403 {
		t.Errorf("a use after erasure: %d %s", a.status, a.body)
	}
}

func TestAWithdrawalDeniesTheNextUseWithEveryReason(t *testing.T) {
	b := newBed(t)
	id := b.register("lin@example.org")
	use := api.Use{Subject: id, Items: []string{"account.email"}, Purpose: "push"}
	say := func(given bool) {
		want[struct{}](b, 204, "POST", "/subjects/"+id+"/consents", api.Choice{Kind: "consent", Purpose: "push", Given: given, Explicit: true, Channel: "settings"})
	}
	say(true)
	want[api.Answer](b, 200, "POST", "/uses", use)
	say(false)
	use.Items = append(use.Items, "account.phone")
	a := b.do("POST", "/uses", use)
	p := a.problem(t)
	if a.status != 403 || !p.Denied() || p.Version == "" || p.Instance != a.header.Get("Request-Id") {
		t.Errorf("%d %+v", a.status, p)
	}
	d := want[api.Decisions](b, 200, "POST", "/decisions", api.Decide{Uses: []api.Use{use}}).Decisions[0]
	if d.Allowed || len(d.Reasons) < 2 || len(p.Reasons) != len(d.Reasons) {
		t.Errorf("the decision has %d reasons, the problem %d: %s", len(d.Reasons), len(p.Reasons), a.body)
	}
	clause := false
	for _, r := range p.Reasons {
		clause = clause || r.Clause != ""
		if r.Code == "" || r.Text == "" || r.Control == "" {
			t.Errorf("reason %+v", r)
		}
	}
	if !clause {
		t.Errorf("no reason names its clause: %s", a.body)
	}
	history := want[api.Consents](b, 200, "GET", "/subjects/"+id+"/consents", nil).Consents
	if len(history) != 2 || !history[0].Given || history[1].Given || history[1].Purpose != "push" {
		t.Errorf("history: %+v", history)
	}
}

func TestARefusalSaysWhyAndStoresNothing(t *testing.T) {
	b := newBed(t)
	in := api.Register{Accepted: true, Adult: true, Point: "registration", Given: []api.Given{
		{Item: "account.email", Value: "canary-4711 is no address", Voluntary: true}, {Item: "order.address", Value: "canary-4712", Voluntary: true},
	}}
	a := b.do("POST", "/subjects", in)
	p := a.problem(t)
	if a.status != 422 || !p.Denied() || len(p.Reasons) < 2 || strings.Contains(string(a.body), "canary") {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestABatchAnswersEverybody(t *testing.T) {
	b := newBed(t)
	x, y := b.register("x@example.org"), b.register("y@example.org")
	want[struct{}](b, 204, "PUT", "/subjects/"+y+"/restriction", api.Restriction{Restricted: true})
	got := want[api.Answers](b, 200, "POST", "/uses/batch", api.UseMany{Subjects: []string{x, y}, Use: api.Use{Items: []string{"account.email"}, Purpose: "account"}}).Answers
	if len(got) != 2 || !got[0].Allowed || got[0].Values[0].Value != "x@example.org" || got[1].Allowed || len(got[1].Reasons) == 0 || got[1].Subject != y {
		t.Errorf("%+v", got)
	}
}

func TestAMemberOfStaffIsNamedWithTheScopeOnly(t *testing.T) {
	b := newBed(t)
	id := b.register("x@example.org")
	use := api.Use{Subject: id, Items: []string{"account.email"}, Purpose: "support", Role: "support", Staff: "stf_x", Ref: "ticket:T1"}
	b.key = b.newKey("goscom-pro", noTime, api.UsesWrite)
	if a := b.do("POST", "/uses", use); a.status != 403 || a.problem(t).Code != "scope" {
		t.Errorf("without: %d %s", a.status, a.body)
	}
	b.key = b.newKey("goscom-pro", noTime, api.UsesWrite, api.StaffAct)
	if a := b.do("POST", "/uses", use); a.status != 200 {
		t.Errorf("with: %d %s", a.status, a.body)
	}
}

func TestAnIdempotencyKeyDoesWorkOnce(t *testing.T) {
	b := newBed(t)
	in := api.Register{Accepted: true, Adult: true}
	first := b.do("POST", "/subjects", in, "Idempotency-Key", "k1")
	again := b.do("POST", "/subjects", in, "Idempotency-Key", "k1")
	if first.status != 201 || again.status != 201 || string(first.body) != string(again.body) || again.header.Get("Idempotent-Replayed") != "true" || first.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("%d %s, then %d %s %v", first.status, first.body, again.status, again.body, again.header)
	}
	if a := b.do("POST", "/subjects", api.Register{Adult: true}, "Idempotency-Key", "k1"); a.status != 422 || a.problem(t).Code != "invalid" {
		t.Errorf("another request: %d %s", a.status, a.body)
	}
	if a := b.do("POST", "/subjects", in, "Idempotency-Key", "k2"); string(a.body) == string(first.body) {
		t.Error("another key gives the same subject")
	}
	key := b.key
	b.key = b.newKey("goscom-pro", noTime, api.SubjectsWrite)
	if a := b.do("POST", "/subjects", in, "Idempotency-Key", "k1"); string(a.body) == string(first.body) {
		t.Error("another program's key gives this one's subject")
	}
	b.key = key
	bad := api.Register{Point: "registration", Given: []api.Given{{Item: "account.email", Value: "none", Voluntary: true}}}
	if a := b.do("POST", "/subjects", bad, "Idempotency-Key", "k3"); a.status != 422 || !a.problem(t).Denied() {
		t.Errorf("refused: %d %s", a.status, a.body)
	}
	if a := b.do("POST", "/subjects", in, "Idempotency-Key", "k3"); a.status != 201 {
		t.Errorf("corrected, with the key of what was refused: %d %s", a.status, a.body)
	}
	var mu sync.Mutex
	ids := map[string]bool{}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			a := b.do("POST", "/subjects", in, "Idempotency-Key", "k4")
			mu.Lock()
			defer mu.Unlock()
			if a.status == 201 {
				ids[string(a.body)] = true
			} else if a.status != 409 {
				t.Errorf("at once: %d %s", a.status, a.body)
			}
		})
	}
	all.Wait()
	if len(ids) != 1 {
		t.Errorf("%d subjects of one key", len(ids))
	}
}

func TestListsArePagedByKey(t *testing.T) {
	b := newBed(t)
	id := b.register("x@example.org")
	for i := range 7 {
		want[struct{}](b, 204, "POST", "/subjects/"+id+"/consents", api.Choice{Kind: "consent", Purpose: "push", Given: i%2 == 0})
		want[api.Asked](b, 201, "POST", "/requests", api.Ask{Right: "access", Subject: id})
	}
	for path, field := range map[string]string{
		"/subjects/" + id + "/consents": "consents", "/subjects/" + id + "/entries": "entries", "/requests": "requests",
		"/ledger/entries": "entries", "/subjects/" + id + "/values": "holdings", "/policy/versions": "versions", "/subjects/" + id + "/disclosures": "disclosures",
	} {
		whole := b.pages(path, field, 500)
		if got := b.pages(path, field, 3); fmt.Sprint(got) != fmt.Sprint(whole) {
			t.Errorf("%s by three: %v, at once: %v", path, got, whole)
		}
		if field == "consents" && len(whole) != 7 {
			t.Errorf("%s: %d", path, len(whole))
		}
		if a := b.do("GET", path+"?after=nonsense", nil); a.status != 422 || strings.Contains(string(a.body), "nonsense") {
			t.Errorf("%s with a cursor that is none: %d %s", path, a.status, a.body)
		}
		if a := b.do("GET", path+"?limit=501", nil); a.status != 422 {
			t.Errorf("%s with a limit too high: %d", path, a.status)
		}
		if a := b.do("GET", path+"?offset=3", nil); a.status != 422 {
			t.Errorf("%s with a parameter that is none: %d", path, a.status)
		}
	}
}

// pages reads a list to its end and returns the ids.
func (b *bed) pages(path, field string, limit int) (ids []string) {
	b.Helper()
	after := ""
	for range 100 {
		page := want[map[string]json.RawMessage](b, 200, "GET", fmt.Sprintf("%s?limit=%d%s", path, limit, after), nil)
		var list []struct {
			ID     json.RawMessage
			Number json.RawMessage
		}
		if err := json.Unmarshal(page[field], &list); err != nil {
			b.Fatalf("%s: %v", path, err)
		}
		if len(list) > limit {
			b.Fatalf("%s: %d on a page of %d", path, len(list), limit)
		}
		for _, x := range list {
			ids = append(ids, string(x.ID)+string(x.Number))
		}
		var next string
		json.Unmarshal(page["next"], &next)
		if next == "" {
			return ids
		}
		after = "&after=" + next
	}
	b.Fatalf("%s does not end", path)
	return nil
}

func TestOneSubjectIsNotAskedAboutWithoutEnd(t *testing.T) {
	b := newBed(t)
	x, y := b.register("x@example.org"), b.register("y@example.org")
	var (
		all   sync.WaitGroup
		asked atomic.Int64
		limit atomic.Pointer[answer]
	)
	for range 16 { // faster than the limit fills up again, on a slow machine too
		all.Go(func() {
			for limit.Load() == nil && asked.Add(1) < 10_000 {
				if a := b.do("GET", "/subjects/"+x+"/identifiers", nil); a.status == http.StatusTooManyRequests {
					limit.Store(&a)
				}
			}
		})
	}
	all.Wait()
	a := limit.Load()
	if a == nil {
		t.Fatal("there is no limit")
	}
	if a.problem(t).Code != "busy" || a.header.Get("Retry-After") == "" {
		t.Errorf("%s", a.body)
	}
	want[api.Kinds](b, 200, "GET", "/subjects/"+y+"/identifiers", nil)
}

func TestTheLogIsPublicAndProvesEntries(t *testing.T) {
	b := newBed(t)
	id := b.register("x@example.org")
	entries := want[api.Entries](b, 200, "GET", "/subjects/"+id+"/entries?newest=true", nil).Entries
	if len(entries) == 0 || entries[len(entries)-1].Kind == "" {
		t.Fatalf("%+v", entries)
	}
	want[map[string]any](b, 200, "GET", fmt.Sprintf("/ledger/entries/%d/proof", entries[0].ID), nil)
	c := want[api.Checkpoint](b, 200, "GET", "/ledger/checkpoint", nil)
	if a := b.raw("GET", "/log/goscom-pro/checkpoint", nil); a.status != 200 || string(a.body) != c.Note || !strings.HasPrefix(c.Note, "avow/goscom-pro\n") {
		t.Errorf("checkpoint %d %s, %+v", a.status, a.body, c)
	}
	if a := b.raw("GET", fmt.Sprintf("/log/goscom-pro/tile/0/000.p/%d", c.Size), nil); a.status != 200 || len(a.body) != int(c.Size)*32 {
		t.Errorf("tile: %d, %d bytes for %d entries", a.status, len(a.body), c.Size)
	}
	bundle := b.raw("GET", fmt.Sprintf("/log/goscom-pro/tile/entries/000.p/%d", c.Size), nil)
	tile := b.raw("GET", fmt.Sprintf("/log/goscom-pro/tile/0/000.p/%d", c.Size), nil)
	for i, rest := int64(0), bundle.body; i < c.Size; i++ {
		if len(rest) < 2 || len(rest) < 2+int(rest[0])<<8+int(rest[1]) {
			t.Fatalf("bundle: it ends at entry %d of %d", i, c.Size)
		}
		n := int(rest[0])<<8 + int(rest[1])
		if h := tlog.RecordHash(rest[2 : 2+n]); string(h[:]) != string(tile.body[i*32:i*32+32]) {
			t.Fatalf("bundle: entry %d is not the leaf of its tile", i)
		}
		rest = rest[2+n:]
		if i == c.Size-1 && len(rest) > 0 {
			t.Errorf("bundle: %d bytes too many", len(rest))
		}
	}
	for _, path := range []string{"tile/entries/000", "tile/entries/001", "tile/entries/x", fmt.Sprintf("tile/entries/000.p/%d", c.Size+1), "tile/0/001", "tile/0/000", "tile/9/000", "tile/0/x", "tile/data/000", "tile/0/000.p/0", "nothing"} {
		if a := b.raw("GET", "/log/goscom-pro/"+path, nil); a.status != 404 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := b.raw("GET", "/log/goscom-pro/key", nil); strings.TrimSpace(string(a.body)) != c.Key {
		t.Errorf("key %s, want %s", a.body, c.Key)
	}
}

func TestARequestIsTakenDownVerifiedAndPlanned(t *testing.T) {
	b := newBed(t)
	id := b.register("x@example.org")
	asked := want[api.Asked](b, 201, "POST", "/requests", api.Ask{Right: "erasure", Identifiers: []api.Identifier{{Kind: "email", Value: "x@example.org"}}})
	r := want[api.Request](b, 200, "POST", "/requests/"+asked.ID+"/verify", api.VerifyRequest{Method: "login"})
	if r.State != "verified" || r.Subject != id || r.DoneDue == nil || len(r.Events) < 2 {
		t.Errorf("%+v", r)
	}
	if r := want[api.Request](b, 200, "POST", "/requests/"+asked.ID+"/plan", nil); r.State != "planned" {
		t.Errorf("%+v", r)
	}
	if r := want[api.Request](b, 200, "POST", "/requests/"+asked.ID+"/withdraw", nil); r.State != "withdrawn" {
		t.Errorf("%+v", r)
	}
	if a := b.do("GET", "/requests/"+asked.ID+"/receipt", nil); a.status < 400 {
		t.Errorf("a receipt of what was withdrawn: %d %s", a.status, a.body)
	}
}

func TestTheBoardOfPromisesIsReadPageByPage(t *testing.T) {
	b := newBed(t)
	whole := want[api.Promises](b, 200, "GET", "/promises?limit=500", nil)
	sum := 0
	for _, n := range whole.Counts {
		sum += n
	}
	if len(whole.Promises) < 20 || sum != len(whole.Promises) || whole.Next != "" || whole.Version == "" {
		t.Fatalf("%d promises, counts %v, next %q", len(whole.Promises), whole.Counts, whole.Next)
	}
	if got := b.pages("/promises", "promises", 7); len(got) != len(whole.Promises) {
		t.Errorf("page by page %d, at once %d", len(got), len(whole.Promises))
	}
	first := whole.Promises[0]
	if one := want[api.Promise](b, 200, "GET", "/promises/"+first.ID, nil); cmp.Diff(one.Says, first.Says) != "" || one.Says["en"] == "" || len(one.Evidence) == 0 {
		t.Errorf("%+v", one)
	}
	for state, n := range whole.Counts {
		if got := want[api.Promises](b, 200, "GET", "/promises?limit=500&state="+state, nil); len(got.Promises) != n {
			t.Errorf("%s: %d, want %d", state, len(got.Promises), n)
		}
	}
	for path, status := range map[string]int{"/promises/C-none": 404, "/promises?state=fine": 422, "/promises?after=C-none": 422} {
		if a := b.do("GET", path, nil); a.status != status {
			t.Errorf("%s: %d, want %d: %s", path, a.status, status, a.body)
		}
	}
	duties := want[api.Duties](b, 200, "GET", "/duties", nil)
	if len(duties.Duties) == 0 || duties.Duties[0].Title["en"] == "" || duties.Duties[0].Due.IsZero() {
		t.Errorf("%+v", duties)
	}
}

func TestARequestToCorrectNamesTheNewValues(t *testing.T) {
	b := newBed(t)
	id := b.register("x@example.org")
	asked := want[api.Asked](b, 201, "POST", "/requests", api.Ask{
		Right: "rectification", Subject: id, VerifiedBy: "login", Corrections: []api.Correction{{Item: "account.email", Value: "y@example.org"}},
	})
	r := want[api.Request](b, 200, "GET", "/requests/"+asked.ID, nil)
	if r.Right != "rectification" || r.State != "verified" || !strings.Contains(r.Scope, "account.email") {
		t.Errorf("%+v", r)
	}
	if a := b.do("GET", "/requests/"+asked.ID, nil); strings.Contains(string(a.body), "y@example.org") {
		t.Error("the new value is shown with the request")
	}
	if a := b.do("POST", "/requests", api.Ask{Right: "rectification", Subject: id, Corrections: []api.Correction{{Item: "account.none", Value: "y"}}}); a.status < 400 || a.status >= 500 {
		t.Errorf("an item that is none: %d %s", a.status, a.body)
	}
	asked = want[api.Asked](b, 201, "POST", "/requests", api.Ask{Right: "portability", Subject: id, VerifiedBy: "login"})
	if r := want[api.Request](b, 200, "GET", "/requests/"+asked.ID, nil); r.Right != "portability" || r.State != "verified" {
		t.Errorf("%+v", r)
	}
}
