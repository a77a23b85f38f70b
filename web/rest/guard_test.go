package rest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/web/rest"
)

// described is what the tests read of the OpenAPI document.
type described struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		OperationID string                `json:"operationId"`
		Security    []map[string][]string `json:"security"`
		RequestBody *struct{}             `json:"requestBody"`
		Responses   map[string]struct{}   `json:"responses"`
	}
}

func (b *bed) document() described {
	b.Helper()
	a := b.raw("GET", "/api/openapi.json", nil)
	var d described
	if err := json.Unmarshal(a.body, &d); err != nil {
		b.Fatalf("%v: %s", err, a.body)
	}
	return d
}

// each calls fn with every operation, its address filled in.
func (b *bed) each(fn func(t *bed, method, path, scope string, body any)) {
	b.Helper()
	d := b.document()
	if len(d.Paths) < 25 {
		b.Errorf("the document has %d paths only", len(d.Paths))
	}
	known := map[string]bool{}
	for _, s := range api.Scopes() {
		known[s] = true
	}
	for path, item := range d.Paths {
		for method, o := range item {
			if len(o.Security) != 1 || len(o.Security[0]["key"]) != 1 || !known[o.Security[0]["key"][0]] {
				b.Errorf("%s %s: its scope is %v", method, path, o.Security)
				continue
			}
			full := "/api" + strings.NewReplacer("{platform}", "goscom-pro", "{subject}", "sub_00000000000000000000000000",
				"{request}", "req_00000000000000000000000000", "{entry}", "1", "{item}", "account.email", "{promise}", "C-000").Replace(path)
			var body any
			if o.RequestBody != nil {
				body = map[string]any{}
			}
			if _, ok := o.Responses["default"]; !ok {
				b.Errorf("%s %s: problems are not described", method, path)
			}
			fn(b, strings.ToUpper(method), full, o.Security[0]["key"][0], body)
		}
	}
}

func TestTheDocumentIsOpenAPI31(t *testing.T) {
	b := newBed(t)
	if d := b.document(); d.OpenAPI != "3.1.0" {
		t.Errorf("openapi: %q", d.OpenAPI)
	}
}

func TestEveryRouteRefusesAKeyThatIsNotGood(t *testing.T) {
	b := newBed(t)
	other := b.newKey("other", time.Time{}, api.Scopes()...)
	expired := b.newKey("goscom-pro", b.clock.Now().Add(time.Hour), api.Scopes()...)
	b.clock.Add(2 * time.Hour)
	k, revoked, err := b.server.Staff().CreateKey(t.Context(), staff.NewKey{Platform: "goscom-pro", Label: "test", Scopes: api.Scopes()})
	if err != nil {
		t.Fatal(err)
	}
	if a := b.raw("GET", "/api/v1/platforms/goscom-pro/policy", nil, "Authorization", "Bearer "+revoked.Reveal()); a.status != http.StatusOK {
		t.Fatalf("before it is revoked: %d", a.status)
	}
	if err := b.server.Staff().RevokeKey(t.Context(), k.ID); err != nil {
		t.Fatal(err)
	}
	n := 0
	b.each(func(b *bed, method, path, scope string, body any) {
		for name, header := range map[string]string{
			"no key": "", "an empty key": "Bearer ", "another scheme": "Basic " + b.key, "a made-up key": "Bearer avow_" + strings.Repeat("a", 26) + "_" + strings.Repeat("a", 52),
			"another platform's key": "Bearer " + other, "an expired key": "Bearer " + expired, "a revoked key": "Bearer " + revoked.Reveal(),
			"a key cut short": "Bearer " + b.key[:len(b.key)-1], "a key and more": "Bearer " + b.key + "a", "a key of another case": "Bearer " + strings.ToUpper(b.key),
			"a key's id for its secret": "Bearer " + b.key[:31] + "_" + strings.Repeat("a", 52), "no scheme": b.key, "no letters": "Bearer é",
		} {
			if n++; n%15 == 0 { // a stranger is slowed down otherwise
				b.fresh()
			}
			a := b.raw(method, path, body, "Authorization", header)
			if a.status != http.StatusUnauthorized || a.problem(b).Code != "unauthorized" || a.header.Get("WWW-Authenticate") == "" {
				b.Errorf("%s %s with %s: %d %s", method, path, name, a.status, a.body)
			}
		}
	})
}

func TestEveryRouteRefusesAKeyWithoutItsScope(t *testing.T) {
	b := newBed(t)
	keys := map[string]string{} // all scopes but one
	for _, without := range api.Scopes() {
		var scopes []string
		for _, s := range api.Scopes() {
			if s != without {
				scopes = append(scopes, s)
			}
		}
		keys[without] = b.newKey("goscom-pro", time.Time{}, scopes...)
	}
	b.each(func(b *bed, method, path, scope string, body any) {
		a := b.raw(method, path, body, "Authorization", "Bearer "+keys[scope])
		if a.status != http.StatusForbidden || a.problem(b).Code != "scope" || !strings.Contains(string(a.body), scope) {
			b.Errorf("%s %s without %s: %d %s", method, path, scope, a.status, a.body)
		}
		only := b.newKey("goscom-pro", time.Time{}, scope)
		if a := b.raw(method, path, body, "Authorization", "Bearer "+only); a.status == http.StatusUnauthorized || a.status >= 500 ||
			a.status == http.StatusForbidden && a.problem(b).Code == "scope" {
			b.Errorf("%s %s with %s alone: %d %s", method, path, scope, a.status, a.body)
		}
	})
}

func TestEveryBodyHasAnExampleThatIsAccepted(t *testing.T) {
	b := newBed(t)
	a := b.raw("GET", "/api/openapi.json", nil)
	var d struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			RequestBody *struct {
				Content map[string]struct{ Example json.RawMessage }
			} `json:"requestBody"`
		}
	}
	if err := json.Unmarshal(a.body, &d); err != nil {
		t.Fatal(err)
	}
	asked := want[api.Asked](b, 201, "POST", "/requests", api.Ask{Right: "access", Subject: b.register("lin@mail.example")})
	n := 0
	opened := want[platform.CaseFile](b, 201, "POST", "/cases", rest.NewCase{Kind: "question", About: "data", Channel: "support", Text: "who reads what I write?"})
	happened := want[platform.IncidentView](b, 201, "POST", "/incidents", rest.NewIncident{Kind: "leak", Touched: incident.Touched{Items: []string{"account.email"}}})
	// What these are about is not there, or not so far: their bodies are looked at, and no more.
	beside := []string{
		"note-notice", "object-to-transfer", "propose-release", "record-measure", "add-link",
		"close-incident", "measure-done", "tell-concerned", "authority-told", "publish-register", "exchange",
	}
	for path, item := range d.Paths {
		for method, o := range item {
			if o.RequestBody == nil {
				continue
			}
			n++
			id := b.register(fmt.Sprintf("p%d@mail.example", n))
			example := strings.ReplaceAll(string(o.RequestBody.Content["application/json"].Example), "sub_"+strings.Repeat("0", 26), id)
			if example == "" {
				t.Errorf("%s has no example", o.OperationID)
				continue
			}
			full := "/api" + strings.NewReplacer("{platform}", "goscom-pro", "{subject}", id, "{request}", asked.ID, "{case}", string(opened.Cases[0].ID), "{item}", "account.email",
				"{recipient}", "bugly", "{permission}", "camera", "{incident}", string(happened.ID), "{release}", "1",
				"{message}", "msg_"+strings.Repeat("0", 26), "{transfer}", "trf_"+strings.Repeat("0", 26)).Replace(path)
			got := b.raw(strings.ToUpper(method), full, example, "Authorization", "Bearer "+b.key)
			// What the policy denies, or an address that another has, is no fault of the body.
			ok := got.status < 300 || got.status == http.StatusForbidden || got.status == http.StatusConflict
			if slices.Contains(beside, o.OperationID) && !strings.Contains(string(got.body), `"fields"`) {
				ok = got.status < 500
			}
			if !ok {
				t.Errorf("%s: %d %s", o.OperationID, got.status, got.body)
			}
		}
	}
	if n < 14 {
		t.Errorf("%d operations have a body", n)
	}
}

func TestAPlatformThatIsNotThereLooksLikeAnothersOwn(t *testing.T) {
	b := newBed(t)
	theirs := b.raw("GET", "/api/v1/platforms/other/policy", nil, "Authorization", "Bearer "+b.key)
	nobodys := b.raw("GET", "/api/v1/platforms/nothing/policy", nil, "Authorization", "Bearer "+b.key)
	x, y := theirs.problem(t), nobodys.problem(t)
	x.Instance, y.Instance = "", ""
	if theirs.status != 401 || nobodys.status != 401 || x.Detail != y.Detail {
		t.Errorf("%+v and %+v", x, y)
	}
}

func TestAStrangerIsSlowedDown(t *testing.T) {
	b := newBed(t)
	for i := range 100 {
		if a := b.raw("GET", "/api/v1/platforms/goscom-pro/policy", nil, "Authorization", "Bearer nonsense"); a.status == http.StatusTooManyRequests {
			if i < 10 || a.header.Get("Retry-After") == "" {
				t.Errorf("after %d tries: %s", i, a.body)
			}
			if a := b.do("GET", "/policy", nil); a.status != 200 {
				t.Errorf("a good key from the same address: %d", a.status)
			}
			return
		}
	}
	t.Error("a hundred bad keys are all looked at")
}

func TestARevokedKeyEndsAtOnce(t *testing.T) {
	b := newBed(t)
	keys, err := b.server.Staff().Keys(t.Context(), "goscom-pro")
	if err != nil {
		t.Fatal(err)
	}
	want[api.Policy](b, 200, "GET", "/policy", nil)
	if err := b.server.Staff().RevokeKey(t.Context(), keys[0].ID); err != nil {
		t.Fatal(err)
	}
	if a := b.do("GET", "/policy", nil); a.status != 401 {
		t.Errorf("a revoked key: %d", a.status)
	}
}

func TestAHostOfOnePlatformShowsNoOther(t *testing.T) {
	b := newBed(t)
	other := b.newKey("other", time.Time{}, api.PolicyRead)
	for host, status := range map[string]int{"privacy.goscom.example": 401, "elsewhere.example": 200} {
		if a := b.raw("GET", "/api/v1/platforms/other/policy", nil, "Authorization", "Bearer "+other, "Host", host); a.status != status {
			t.Errorf("on %s: %d", host, a.status)
		}
	}
	if a := b.raw("GET", "/", nil, "Host", "privacy.goscom.example"); a.status != 302 || a.header.Get("Location") != "/goscom-pro/" {
		t.Errorf("its front page: %d %s", a.status, a.header.Get("Location"))
	}
	if a := b.raw("GET", "/log/other/key", nil, "Host", "privacy.goscom.example"); a.status != 404 {
		t.Errorf("another's log: %d", a.status)
	}
}

func TestAProgramAnswersNoCaseInItsOwnName(t *testing.T) {
	b := newBed(t)
	opened := want[platform.CaseFile](b, 201, "POST", "/cases", rest.NewCase{Kind: "question", About: "data", Channel: "support", Text: "who reads what I write?"})
	path := "/cases/" + string(opened.Cases[0].ID)
	for step, body := range map[string]map[string]string{"reply": {"text": "We do."}, "close": {"code": "solved"}, "delay": {"code": "complex"}} {
		full := "/api/v1/platforms/goscom-pro" + path + "/" + step
		if a := b.raw("POST", full, body, "Authorization", "Bearer "+b.key); a.status < 400 {
			t.Errorf("a program does %s without one of the staff: %d", step, a.status)
		}
		key := b.newKey("goscom-pro", time.Time{}, api.RequestsWrite, api.RequestsRead)
		body["role"], body["staff"] = "privacy-officer", "stf_00000000000000000000000000"
		if a := b.raw("POST", full, body, "Authorization", "Bearer "+key); a.status != http.StatusForbidden || a.problem(t).Code != "scope" {
			t.Errorf("a key without %s does %s in the name of one of the staff: %d", api.StaffAct, step, a.status)
		}
		body["role"] = "support"
		if a := b.raw("POST", full, body, "Authorization", "Bearer "+b.key); a.status < 400 {
			t.Errorf("a role whose turn it is not does %s: %d", step, a.status)
		}
	}
	got := want[platform.CaseFile](b, 200, "POST", path+"/reply", rest.CaseAnswer{CaseText: rest.CaseText{Text: "We do."}, StaffActs: api.StaffActs{Role: "privacy-officer", Staff: "stf_0"}})
	if e := got.Cases[0].Events; e[len(e)-1].Actor != "staff" {
		t.Errorf("the answer is %s's", e[len(e)-1].Actor)
	}
}

// TestNothingIsApprovedByAKey holds that two people stay two: a program may say any name
// of the staff, so one that proposes could approve under another.
func TestNothingIsApprovedByAKey(t *testing.T) {
	b := newBed(t)
	for path := range b.document().Paths {
		if strings.HasSuffix(path, "/approve") {
			t.Errorf("%s: approvals take somebody who signed in", path)
		}
	}
}
