package console

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/web"
)

// versionsShown is how many versions have their notices counted.
const versionsShown = 30

func (c *Console) versionRoutes() []route {
	return []route{
		{"GET policy", systems, c.versions},
		{"POST policy/publish", ledger, c.publishDraft},
		{"POST policy/notices", ledger, c.takeEffect},
	}
}

// A versionsPage is the policy as it holds, held and will hold.
type versionsPage struct {
	view
	W        *versionWords
	Next     *platform.Coming // published and not in force yet; nil: none
	List     []versionRow     // newest first
	Accepted []acceptedBy
	Open     int64 // people whose account is open
	Draft    *draftView
	May      bool
	Reasons  []string // codes to choose from
	Typed    string   // the day, as it was written
}

// A versionRow is a version that is or was in force.
type versionRow struct {
	platform.Edition
	Notices []platform.Notices
}

// An acceptedBy is how many people accepted a version last.
type acceptedBy struct {
	Label string // "": none was accepted
	N     int64
	Part  int64 // in percent
}

// A draftView is what the policy file says, where that is not in force.
type draftView struct {
	Error string // why it cannot be read; ""
	Label string
	Since policy.Difference
	Terms publication.Terms
}

func (c *Console) versions(v *visit) error { return c.showVersions(v, http.StatusOK, "") }

// showVersions shows the policy's page, with what kept a form from being carried out.
func (c *Console) showVersions(v *visit, status int, problem string) error {
	p := versionsPage{
		view: c.view(v, func(*words) string { return "" }), May: v.by.may(ledger), Reasons: publication.Reasons(), Typed: v.r.PostFormValue("day"),
	}
	p.W = versionWordsIn(p.Lang)
	p.Title, p.Problem = p.W.Policy, problem
	if done := p.W.flashes[v.r.URL.Query().Get("done")]; done != "" {
		p.Flash = done
	}
	var err error
	if p.Next, err = c.on.Coming(v.ctx()); err != nil {
		return err
	}
	list, err := c.editions.Of(v.ctx(), c.on)
	if err != nil {
		return err
	}
	for i, e := range list {
		row := versionRow{Edition: e}
		if i < versionsShown {
			if row.Notices, err = c.on.NoticesOf(v.ctx(), e.Num); err != nil {
				return err
			}
		}
		p.List = append(p.List, row)
	}
	if err := p.count(v.ctx(), c, list); err != nil {
		return err
	}
	if p.May {
		p.Draft = c.draftView()
	}
	return c.show(v, status, "versions", p)
}

// count says how many people accepted which version last, the newest version first.
func (p *versionsPage) count(ctx context.Context, c *Console, list []platform.Edition) error {
	by, err := c.accepted.latest(ctx, c.on)
	if err != nil {
		return err
	}
	for _, n := range by {
		p.Open += n
	}
	seen := map[string]bool{}
	add := func(hash, label string) {
		if n := by[hash]; !seen[hash] && (n > 0 || hash != "" && hash == c.on.Version().Hash) {
			p.Accepted = append(p.Accepted, acceptedBy{label, n, 100 * n / max(1, p.Open)})
		}
		seen[hash] = true
	}
	for _, e := range list {
		add(e.Version, e.Label)
	}
	add("", "")
	return nil
}

// Copies says what became of the copies of a notice.
func (p versionsPage) Copies(n platform.Notices) []choice {
	var out []choice
	for _, s := range []message.State{message.Waiting, message.Sent, message.Handed, message.Withheld, message.Failed, message.Shown, message.Seen} {
		if k := n.Copies[s]; k > 0 {
			out = append(out, choice{p.W.CopyName(string(s)), fmt.Sprint(k)})
		}
	}
	return out
}

// Channel names a channel of notices.
func (p versionsPage) Channel(code string) string {
	if s := p.W.channels[code]; s != "" {
		return s
	}
	return page.Channel(code, p.Lang)
}

// Channels joins the names of channels.
func (p versionsPage) Channels(codes []string) string {
	var out []string
	for _, code := range codes {
		out = append(out, page.Channel(code, p.Lang))
	}
	return p.Names(out)
}

// Because joins the reasons of a version.
func (p versionsPage) Because(codes []string) string {
	var out []string
	for _, code := range codes {
		out = append(out, page.VersionReason(code, p.Lang))
	}
	return p.Names(out)
}

// ReasonName says why a version is written.
func (p versionsPage) ReasonName(code string) string { return page.VersionReason(code, p.Lang) }

// WeightBadge is the class of how much a change matters.
func (p versionsPage) WeightBadge(weight string) string {
	if weight == policy.Major.String() {
		return "badge-warn"
	}
	return ""
}

// draftView reads the policy file; nil where it says what is in force or published.
func (c *Console) draftView() *draftView {
	if c.draft == nil {
		return nil
	}
	text, err := c.draft()
	if err != nil {
		return &draftView{Error: fault.Message(err)}
	}
	if text.Policy.Version() == c.on.Policy().Version() {
		return nil
	}
	d := &draftView{Label: text.Policy.Label()}
	d.Terms, d.Since = publication.TermsOf(c.on.Policy(), text.Policy)
	return d
}

// publishDraft makes the policy file the next version: its notices go out from then on.
func (c *Console) publishDraft(v *visit) error {
	if err := v.r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	w := versionWordsIn(c.lang(v))
	if c.draft == nil {
		return fault.New(fault.NotFound, "no policy file stands beside this platform")
	}
	if v.r.PostFormValue("sure") != "yes" {
		return c.showVersions(v, http.StatusUnprocessableEntity, w.NotSure)
	}
	err := c.publishNow(v, w)
	switch fault.Of(err) {
	case "":
		return c.lead(v, "policy", "version-published")
	case fault.Invalid, fault.Conflict, fault.Denied:
		return c.showVersions(v, web.Status(err), c.problem(v, err))
	}
	return err
}

func (c *Console) publishNow(v *visit, w *versionWords) error {
	text, err := c.draft()
	if err != nil {
		return err
	}
	text.Reasons, text.Soonest = v.r.PostForm["reason"], v.r.PostFormValue("soonest") == "yes"
	if day := v.r.PostFormValue("day"); day != "" {
		if text.At, err = time.ParseInLocation(time.DateOnly, day, c.on.Policy().Calendar().Zone()); err != nil {
			return fault.New(fault.Invalid, "%s", w.BadDay)
		}
	} else if text.Soonest {
		text.At = c.on.Now()
	}
	if _, _, err = c.on.Publish(v.ctx(), text); err != nil {
		return err
	}
	return c.on.Acted(v.ctx(), audit.SettingChanged, "publish-policy", v.by.self())
}

// takeEffect does what is due of the version that is published.
func (c *Console) takeEffect(v *visit) error {
	if err := c.on.TakeEffect(v.ctx()); err != nil && fault.Of(err) != fault.Busy {
		return err
	}
	return c.lead(v, "policy", "version-look")
}

// acceptances is how many people accepted which version, as it was counted last.
type acceptances struct {
	mu sync.Mutex
	at time.Time
	by map[string]int64
}

// latest returns the last count, or a new one where that is old: it reads everybody's
// row.
func (a *acceptances) latest(ctx context.Context, on *platform.Platform) (map[string]int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.by != nil && on.Now().Sub(a.at) < fresh {
		return a.by, nil
	}
	by, err := on.AcceptedBy(ctx)
	if err == nil {
		a.by, a.at = by, on.Now()
	}
	return by, err
}

// Longest is how many changes of a version are listed before the rest is left to the
// policy's own page.
func (p versionsPage) Longest(list []policy.Change) []policy.Change {
	return slices.Clip(list[:min(len(list), 60)])
}
