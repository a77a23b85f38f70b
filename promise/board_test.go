package promise_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/promise"
	"github.com/avow-dev/avow/rights"
)

// now is when the boards of these tests are made.
func now() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// clauses stands in for the clauses of GOSCOM Pro.
const clauses = `clauses:
  - {id: T-1, says: {en: Only what is declared., zh-CN: 仅声明者。}, keeps: [collect.declared, collect.type]}
  - {id: T-2, says: {en: People are trained., zh-CN: 培训。}, keeps: [staff.training]}
  - {id: T-3, says: {en: Cookies by choice., zh-CN: 自选。}, keeps: [collect.declared, publication.limited]}
  - {id: T-4, says: {en: Erased in time., zh-CN: 按期删除。}, keeps: [request.reply], about: [rights.erasure]}
  - {id: T-5, says: {en: Answered in time., zh-CN: 按期答复。}, keeps: [request.reply], about: [rights.access]}
  - {id: T-6, says: {en: The log cannot lie., zh-CN: 日志可信。}, keeps: [log.tamper-evident]}
  - {id: T-7, says: {en: Declared and trained., zh-CN: 声明与培训。}, keeps: [collect.declared, staff.training]}
  - {id: T-8, says: {en: Erasure is quick., zh-CN: 删除迅速。}, keeps: [erasure.deadline]}
  - {id: T-9, says: {en: Logs go in time., zh-CN: 日志按期删除。}, keeps: [retention.expiry], about: [keep.logs]}
`

func pack(t testing.TB, reviews string) *policy.Policy {
	t.Helper()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		t.Fatal(err)
	}
	head, _, ok := strings.Cut(string(src), "\nclauses:\n")
	at := strings.Index(head, "reviews: {")
	if !ok || at < 0 {
		t.Fatal("the pack has no clauses or no reviews")
	}
	head = head[:at] + "reviews: {" + reviews + head[at+strings.Index(head[at:], "}"):]
	p, _, err := policy.Load("goscom-pro.yaml", []byte(head+"\n"+clauses), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// facts is a platform on which everything is well and a little has happened.
func facts(t testing.TB) *promise.Facts {
	p := pack(t, "staff-training: P1Y")
	f := &promise.Facts{Platform: "goscom-pro", Policy: p, Now: now(), Log: audit.Standing{Size: 9, Last: 77}}
	for i, c := range []policy.Control{policy.CollectDeclared, policy.RequestReply, policy.ErasureDeadline} {
		f.Totals = append(f.Totals, audit.Total{Control: c, N: 3, First: now(), Last: now(), Seq: int64(i), Entry: int64(40 + i)})
	}
	f.Duties = attestation.Stand(p, now().Add(-24*time.Hour), now(), map[string]attestation.Signed{
		"staff-training": {Entry: 50, By: "stf_1", At: now(), Until: now().AddDate(1, 0, 0)},
	}, nil)
	return f
}

func due(right policy.RightKind, id rights.ID, at time.Time) rights.Summary {
	return rights.Summary{ID: id, Right: right, State: rights.Running, DoneDue: &plan.Due{At: at}}
}

func TestAPromiseStandsAsItsWorstControl(t *testing.T) {
	calm := map[string]promise.State{
		"T-1": promise.Kept, "T-2": promise.Attested, "T-3": promise.Unproven, "T-4": promise.Kept,
		"T-5": promise.Kept, "T-6": promise.Kept, "T-7": promise.Attested, "T-8": promise.Kept,
		"T-9": promise.Unproven,
	}
	for _, x := range []struct {
		name   string
		change func(f *promise.Facts)
		want   map[string]promise.State // where it differs from calm
	}{
		{"nothing is wrong", func(*promise.Facts) {}, nil},
		{"nothing has happened", func(f *promise.Facts) { f.Totals, f.Log, f.Duties = nil, audit.Standing{}, nil }, map[string]promise.State{
			"T-1": promise.Unproven, "T-2": promise.Unproven, "T-4": promise.Unproven, "T-5": promise.Unproven,
			"T-6": promise.Unproven, "T-7": promise.Unproven, "T-8": promise.Unproven,
		}},
		{"logs outlived their retention", func(f *promise.Facts) {
			f.Lapsed = []promise.Lapse{{Class: "logs", Count: 3, Since: now().Add(-time.Hour)}}
		}, map[string]promise.State{"T-9": promise.Broken}},
		{"something else outlived its own", func(f *promise.Facts) {
			f.Lapsed = []promise.Lapse{{Class: "support", Count: 3, Since: now().Add(-time.Hour)}}
		}, nil},
		{"a request is late", func(f *promise.Facts) {
			f.Due = append(f.Due, due(policy.Erasure, "req_1", now().Add(-time.Minute)))
		}, map[string]promise.State{"T-4": promise.Broken, "T-8": promise.Broken}},
		{"a request was not answered in time", func(f *promise.Facts) {
			q := due(policy.Access, "req_1", now().AddDate(0, 1, 0))
			q.ReplyDue = &plan.Due{At: now().Add(-time.Minute)}
			f.Due = append(f.Due, q)
		}, map[string]promise.State{"T-5": promise.Broken}},
		{"an erasure was not answered in time, and may be done later", func(f *promise.Facts) {
			q := due(policy.Erasure, "req_1", now().AddDate(0, 1, 0))
			q.ReplyDue = &plan.Due{At: now().Add(-time.Minute)}
			f.Due = append(f.Due, q)
		}, map[string]promise.State{"T-4": promise.Broken}},
		{"a reply is due tomorrow and nothing more", func(f *promise.Facts) {
			q := due(policy.Access, "req_1", now())
			q.DoneDue, q.ReplyDue = nil, &plan.Due{At: now().Add(24 * time.Hour)}
			f.Due = append(f.Due, q)
		}, map[string]promise.State{"T-5": promise.AtRisk}},
		{"a request was answered, and its reply would be late by now", func(f *promise.Facts) {
			q := due(policy.Access, "req_1", now().AddDate(0, 1, 0))
			q.ReplyDue, q.Answered = &plan.Due{At: now().Add(-time.Minute)}, true
			f.Due = append(f.Due, q)
		}, nil},
		{"a request is due tomorrow", func(f *promise.Facts) {
			f.Due = append(f.Due, due(policy.Access, "req_2", now().Add(24*time.Hour)))
		}, map[string]promise.State{"T-5": promise.AtRisk}},
		{"a deadline was missed last week", func(f *promise.Facts) {
			f.Totals = append(f.Totals, audit.Total{Control: policy.ErasureDeadline.Broken(), N: 1, Last: now().AddDate(0, 0, -7), Entry: 60})
		}, map[string]promise.State{"T-8": promise.Broken}},
		{"a deadline was missed last year", func(f *promise.Facts) {
			f.Totals = append(f.Totals, audit.Total{Control: policy.ErasureDeadline.Broken(), N: 1, Last: now().AddDate(-1, 0, 0), Entry: 60})
		}, nil},
		{"the log was changed", func(f *promise.Facts) { f.Log.Damage = "the tiles do not fit" }, map[string]promise.State{"T-6": promise.Broken}},
		{"the training has lapsed", func(f *promise.Facts) {
			f.Duties = attestation.Stand(f.Policy, now().AddDate(-2, 0, 0), now(), nil, nil)
		}, map[string]promise.State{"T-2": promise.Overdue, "T-7": promise.Overdue}},
		{"work was given up", func(f *promise.Facts) { f.Failed = []job.Info{{Kind: "rights", RunAt: now()}} }, map[string]promise.State{
			"T-9": promise.AtRisk,
			"T-4": promise.AtRisk, "T-5": promise.AtRisk, "T-8": promise.AtRisk,
		}},
	} {
		f := facts(t)
		x.change(f)
		want := maps.Clone(calm)
		maps.Copy(want, x.want)
		b := promise.New(f)
		for _, r := range b.Rows {
			if r.State != want[r.ID] {
				t.Errorf("when %s, %s is %s, want %s: %+v", x.name, r.ID, r.State, want[r.ID], r.Evidence)
			}
		}
		sum := 0
		for _, n := range b.Counts {
			sum += n
		}
		if sum != len(b.Rows) || len(b.Rows) != len(want) {
			t.Errorf("when %s, %d promises are counted of %d", x.name, sum, len(b.Rows))
		}
	}
}

func TestABrokenPromiseNamesWhatBrokeIt(t *testing.T) {
	f := facts(t)
	late := now().Add(-time.Hour)
	f.Due = []rights.Summary{due(policy.Erasure, "req_late", late), due(policy.Erasure, "req_later", now().Add(-time.Minute))}
	r, ok := promise.New(f).Row("T-4")
	if !ok || len(r.Evidence) != 1 {
		t.Fatal("there is no T-4 on the board")
	}
	e := r.Evidence[0]
	if e.Request != "req_late" || e.Due == nil || !e.Due.Equal(late) || e.Why != promise.IsLate || e.Cases != 2 || e.Count != 3 {
		t.Errorf("T-4 shows %+v", e)
	}
	f = facts(t)
	f.Totals = append(f.Totals, audit.Total{Control: policy.ErasureDeadline.Broken(), N: 2, Last: now(), Entry: 61})
	r, _ = promise.New(f).Row("T-8")
	if e := r.Evidence[0]; e.Entry != 61 || e.Why != promise.WasMissed || e.Cases != 2 {
		t.Errorf("T-8 shows %+v", e)
	}
}

func TestEvidencePointsToTheLastEntry(t *testing.T) {
	b := promise.New(facts(t))
	r, _ := b.Row("T-1")
	own, through := r.Evidence[0], r.Evidence[1]
	if own.Count != 3 || own.Entry != 40 || own.Number == nil || *own.Number != 0 {
		t.Errorf("a control with entries of its own shows %+v", own)
	}
	if through.Count != 0 || through.Checked != 3 || through.Entry != 40 {
		t.Errorf("a control that is looked at in other entries shows %+v", through)
	}
	r, _ = b.Row("T-6")
	if e := r.Evidence[0]; e.Count != 9 || e.Entry != 77 || *e.Number != 8 {
		t.Errorf("the log shows %+v", e)
	}
	r, _ = b.Row("T-2")
	if e := r.Evidence[0]; e.Until == nil || e.Entry != 50 || e.Duty != "staff-training" {
		t.Errorf("an attestation shows %+v", e)
	}
}

func TestARowReadsAsScriptsExpect(t *testing.T) {
	b := promise.New(facts(t))
	out, err := json.Marshal(b.Rows[2])
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"platform", "id", "state", "controls", "scenarios", "evidence"} {
		if m[key] == nil {
			t.Errorf("a row has no %s: %s", key, out)
		}
	}
}

func TestEveryStateHasItsPlaceAndName(t *testing.T) {
	for _, s := range promise.States() {
		if got, err := promise.ParseState(string(s)); err != nil || got != s {
			t.Errorf("ParseState(%s) = %s, %v", s, got, err)
		}
	}
	if _, err := promise.ParseState("green"); err == nil {
		t.Error("green is taken for a state")
	}
	if promise.States()[0] != promise.Broken {
		t.Error("the worst state is not the first")
	}
}
