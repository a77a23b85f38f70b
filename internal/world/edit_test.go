package world_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
)

// Editing the file and opening it again changes page, decision, schedule and
// board, and nothing else has to be touched (I-1).
func TestAnEditedPolicyChangesPageDecisionScheduleAndBoard(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		lin := w.People[0]
		if refusals := w.Collect(lin, "app", policy.Given{Item: "account.app-version", Value: "4.2.1"}); len(refusals) > 0 {
			w.Fatalf("refused: %v", refusals)
		}
		w.Allowed(lin, "upgrade-prompt", "account.app-version")
		before := stands(w)
		if !before.clause || before.within != "10wd" || !strings.Contains(before.page, "10 working days") || !strings.Contains(before.page, "new versions") {
			w.Fatalf("before the edit: %+v", before)
		}

		w.File("goscom-pro.yaml", edited(t))
		w.Reopen()
		after := stands(w)
		if after.clause {
			w.Error("the board still has the clause that was taken out")
		}
		if after.within != "5wd" {
			w.Errorf("the schedule of the account class says %s, want 5wd", after.within)
		}
		if !strings.Contains(after.page, "5 working days") || strings.Contains(after.page, "new versions") {
			w.Error("the page says what the policy said before")
		}
		_, err := w.Try(w.P, world.Ask(lin.ID, "upgrade-prompt", "account.app-version"))
		if w.Kind(err) != fault.NotFound {
			w.Errorf("a use for the purpose that was taken out: %v", err)
		}
		w.Denied(lin, "orders", "account.app-version")
	})
}

// edited shortens the end of a closed account and takes a purpose out, as an
// owner does it with an editor.
func edited(t *testing.T) []byte {
	t.Helper()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ from, to string }{
		{`(?m)(^  account:\n(?:    .*\n)*?    within: )10wd`, "${1}5wd"},
		{`(?m)^  upgrade-prompt:\n(?:    .*\n)+`, ""},
		{`upgrade-prompt, crash-analysis`, "crash-analysis"},
		{`(?m)^  - \{id: C-034,.*\n`, ""},
	} {
		r := regexp.MustCompile(x.from)
		if n := len(r.FindAll(src, -1)); n != 1 {
			t.Fatalf("%d places look like %s", n, x.from)
		}
		src = r.ReplaceAll(src, []byte(x.to))
	}
	return append(src, "\nrevision: {reasons: [practice]}\n"...)
}

// A told is what page, schedule and board say of the policy in force.
type told struct {
	page   string
	within string // of the account class
	clause bool   // C-034 is on the board
}

func stands(w *world.World) (out told) {
	ctx := context.Background()
	var b bytes.Buffer
	w.Must(page.Of(w.P.Policy(), "en").Markdown(&b))
	out.page = b.String()
	list, err := w.P.Retention().List(ctx)
	w.Must(err)
	for _, x := range list {
		if x.Class == "account" {
			out.within = x.Within
		}
	}
	board, err := w.P.Promises(ctx)
	w.Must(err)
	_, out.clause = board.Row("C-034")
	return out
}
