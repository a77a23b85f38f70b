package rest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/api"
)

// What is answered to a record is the record, as the list has it.
func TestARecordIsAnsweredAsItIsListed(t *testing.T) {
	b := newBed(t)
	id := b.register("x@example.org")
	until := time.Now().Add(300*24*time.Hour + 123*time.Nanosecond)
	for _, n := range []api.NewBacking{
		{Kind: "ticket", Ref: "tic_1", Role: "support", Staff: "stf_1"},
		{Kind: "ticket", Ref: "tic_2", Role: "support", Staff: "stf_1", Until: &until},
	} {
		got := want[api.Backing](b, 201, "POST", "/subjects/"+id+"/backings", n)
		all := want[api.Backings](b, 200, "GET", "/subjects/"+id+"/backings", nil).Backings
		if len(all) == 0 || got.ID == 0 || got.At.IsZero() || got.Staff != n.Staff {
			t.Fatalf("answered %+v, listed %+v", got, all)
		}
		if diff := cmp.Diff(all[len(all)-1], got); diff != "" {
			t.Errorf("answered otherwise than listed: %s", diff)
		}
	}
}

// A word that is no method verifies nobody, and nothing is taken down on it.
func TestAMethodThatIsUnknownIsRefused(t *testing.T) {
	b := newBed(t)
	id := b.register("x@example.org")
	ask := api.Ask{Right: "access", Subject: id, VerifiedBy: "trust-me"}
	b.refusesWith(422, "POST", "/requests", ask)
	if all := want[api.Requests](b, 200, "GET", "/requests", nil).Requests; len(all) != 0 {
		t.Errorf("taken down all the same: %+v", all)
	}
	ask.VerifiedBy = ""
	asked := want[api.Asked](b, 201, "POST", "/requests", ask)
	b.refusesWith(422, "POST", "/requests/"+asked.ID+"/verify", api.VerifyRequest{Method: "trust-me"})
	if r := want[api.Request](b, 200, "GET", "/requests/"+asked.ID, nil); r.State != "received" {
		t.Errorf("the request is %s", r.State)
	}
}

// Who is a guardian is seen by somebody of the staff: a program that says so is
// refused, and nothing is taken down on it, however often it is sent.
func TestAProgramDoesNotVouchForAGuardian(t *testing.T) {
	b := newBed(t)
	key := b.newKey("other", time.Time{}, api.Scopes()...)
	do := func(method, path string, body any) answer {
		return b.raw(method, "/api/v1/platforms/other"+path, body, "Authorization", "Bearer "+key, "Idempotency-Key", "one"+path)
	}
	ask := api.Ask{
		Right: "guardian-report", VerifiedBy: "document", Channel: "settings", Contact: "parent@example.org",
		Identifiers: []api.Identifier{{Kind: "email", Value: "child@example.org"}},
	}
	for range 2 {
		if a := do("POST", "/requests", ask); a.status != 403 {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if a := do("GET", "/requests", nil); a.status != 200 || strings.Contains(string(a.body), "req_") {
		t.Errorf("taken down all the same: %d %s", a.status, a.body)
	}
}

// refusesWith wants a problem that lists the methods there are.
func (b *bed) refusesWith(status int, method, path string, body any) {
	b.Helper()
	a := b.do(method, path, body)
	if a.status != status || !strings.Contains(string(a.body), "document, in-person, identifier-code, login") {
		b.Errorf("%s %s: %d %s", method, path, a.status, a.body)
	}
}
