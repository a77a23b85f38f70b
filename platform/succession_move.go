package platform

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/succession"
	"github.com/avow-dev/avow/vault"
)

// AcceptDuties records that who takes over accepted duties of the version in force:
// clauses by id, or all its promises where none is named.
func (p *Platform) AcceptDuties(ctx context.Context, want succession.ID, clauses []string, document string, by gate.Actor) error {
	c, err := p.openTransfer(ctx, want)
	if err != nil {
		return err
	}
	if document == "" || by.ID == "" || by.Role == policy.Self {
		return fault.New(fault.Invalid, "say in which document they are accepted, and who of the staff records it")
	}
	all := succession.Duties(p.Policy())
	if len(clauses) == 0 {
		clauses = all
	}
	for _, id := range clauses {
		if !slices.Contains(all, id) {
			return fault.New(fault.NotFound, "the version in force has no promise of one of these ids: avow promises lists them")
		}
	}
	sum := sha256.Sum256([]byte(document + "\n" + strings.Join(clauses, "\n")))
	return p.aboutRecipients(ctx, "succession", func(act *db.Act, _ int64) error {
		for _, id := range clauses {
			succession.Accept(act, c.Num, p.Version().Num, id, document, by.ID)
		}
		return p.transferEntry(ctx, act, c, audit.TransferAccepted, policy.ShareTransfer, by, audit.Num(audit.TagCount, len(clauses)), audit.Bytes(audit.TagHash, sum[:]))
	})
}

// A TransferStanding says how a transfer stands.
type TransferStanding struct {
	ID        succession.ID    `json:"id"`
	Kind      succession.Kind  `json:"kind"`
	Recipient string           `json:"recipient"`
	Items     []string         `json:"items"`
	Purposes  []string         `json:"purposes"`
	Changed   []string         `json:"changed"`
	Document  string           `json:"document"`
	State     succession.State `json:"state"`
	Opened    time.Time        `json:"opened"`
	Ended     *time.Time       `json:"ended,omitempty"`
	Counted   int64            `json:"counted"` // people, when it was opened
	Moved     int64            `json:"moved"`
	SHA256    string           `json:"sha256,omitempty"` // of what was handed over

	People   int64 `json:"people"`   // concerned now
	Told     int64 `json:"told"`     // long enough ago
	Early    int64 `json:"early"`    // told, and not long enough ago yet
	Untold   int64 `json:"untold"`   // not told at all
	Objected int64 `json:"objected"` // who stay
	Duties   int   `json:"duties"`   // of the version in force
	Accepted int   `json:"accepted"`
}

// TransferCases lists transfers, oldest first, without how many people were told: that
// takes looking at everybody.
func (p *Platform) TransferCases(ctx context.Context) (out []TransferStanding, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) error {
		all, err := succession.List(ctx, r)
		for _, c := range all {
			out = append(out, p.transferFacts(c))
		}
		return err
	})
	return out, err
}

// Transfers says how each transfer stands, oldest first.
func (p *Platform) Transfers(ctx context.Context) ([]TransferStanding, error) {
	var all []*succession.Case
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		all, err = succession.List(ctx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := []TransferStanding{}
	for _, c := range all {
		s, err := p.transferStanding(ctx, c)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// Transfer says how a transfer stands.
func (p *Platform) Transfer(ctx context.Context, want succession.ID) (TransferStanding, error) {
	c, err := p.transfer(ctx, want)
	if err != nil {
		return TransferStanding{}, err
	}
	return p.transferStanding(ctx, c)
}

// transferFacts is what stands in a case itself.
func (p *Platform) transferFacts(c *succession.Case) TransferStanding {
	s := TransferStanding{
		ID: c.ID, Kind: c.Kind, Items: []string{}, Document: c.Document, State: c.State, Opened: c.Opened, Ended: c.Ended,
		Counted: c.People, Moved: c.Moved, Purposes: p.purposeNames(c.Purposes), Changed: p.purposeNames(c.Changed),
	}
	if r := p.Policy().RecipientBy(c.Recipient); r != nil {
		s.Recipient = r.Name
	}
	for _, no := range c.Items {
		if it := p.Policy().ItemBy(no); it != nil {
			s.Items = append(s.Items, it.Name)
		}
	}
	if c.Hash != nil {
		s.SHA256 = fmt.Sprintf("%x", c.Hash)
	}
	return s
}

func (p *Platform) transferStanding(ctx context.Context, c *succession.Case) (TransferStanding, error) {
	s := p.transferFacts(c)
	if c.Ended != nil {
		return s, nil
	}
	var accepted []string
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		accepted, err = succession.Accepted(ctx, r, c.Num, p.Version().Num)
		return err
	})
	if err != nil {
		return s, err
	}
	s.Duties, s.Accepted = len(succession.Duties(p.Policy())), len(accepted)
	return s, p.eachConcern(ctx, c, func(_ context.Context, page []concern) error {
		for _, x := range page {
			s.count(p.Policy(), x, p.data.Now())
		}
		return nil
	})
}

func (s *TransferStanding) count(p *policy.Policy, x concern, now time.Time) {
	s.People++
	switch {
	case !x.objected.IsZero():
		s.Objected++
	case succession.InTime(p, x.told, now):
		s.Told++
	case x.told.IsZero():
		s.Untold++
	default:
		s.Early++
	}
}

func (p *Platform) purposeNames(nos []policy.PurposeNo) []string {
	out := []string{}
	for _, no := range nos {
		if u := p.Policy().PurposeBy(no); u != nil {
			out = append(out, u.Name)
		}
	}
	return out
}

// lacks says what still stands against a transfer; "" when nothing does.
func (s *TransferStanding) lacks(rule policy.SuccessionRule) string {
	switch {
	case rule.Binds && s.Accepted < s.Duties:
		return fmt.Sprintf("%s accepted %d of the %d duties of the version in force: record the rest first", s.Recipient, s.Accepted, s.Duties)
	case s.Untold > 0:
		return fmt.Sprintf("%d people concerned were not told: tell them first, or record how they were told", s.Untold)
	case s.Early > 0:
		return fmt.Sprintf("%d people concerned were told less than %s ago: wait until the time of the policy is over", s.Early, rule.Before)
	}
	return ""
}

// ReadyTransfer makes a transfer ready: from then on data may move by it. It is
// refused until who takes over accepted each duty of the version in force, and
// everybody concerned was told as long before as the policy says, or objected.
func (p *Platform) ReadyTransfer(ctx context.Context, want succession.ID, by gate.Actor) error {
	c, err := p.openTransfer(ctx, want)
	if err != nil {
		return err
	}
	if by.ID == "" || by.Role == policy.Self {
		return fault.New(fault.Invalid, "say who of the staff lets it begin")
	}
	s, err := p.transferStanding(ctx, c)
	if err != nil {
		return err
	}
	if what := s.lacks(p.Policy().Sharing().Succession); what != "" {
		return fault.New(fault.Conflict, "%s", what)
	}
	err = p.aboutRecipients(ctx, "succession", func(act *db.Act, _ int64) error {
		succession.MakeReady(act, c.Num, p.Version().Num)
		return p.transferEntry(ctx, act, c, audit.TransferReady, policy.ShareTransferTold, by, audit.Num(audit.TagCount, s.Told), audit.Num(audit.TagKept, s.Objected))
	})
	if fault.Of(err) == fault.Busy {
		return fault.New(fault.Conflict, "the transfer is not open any more")
	}
	return err
}

// CancelTransfer ends a transfer by which nothing moves any more.
func (p *Platform) CancelTransfer(ctx context.Context, want succession.ID, by gate.Actor) error {
	c, err := p.openTransfer(ctx, want)
	if err != nil {
		return err
	}
	return p.aboutRecipients(ctx, "succession", func(act *db.Act, _ int64) error {
		succession.End(act, c.Num, succession.Cancelled, 0, nil)
		return p.transferEntry(ctx, act, c, audit.TransferCancelled, policy.ShareTransfer, by)
	})
}

// A Moved says what a transfer handed over.
type Moved struct {
	People int64            `json:"people"` // of whom something was handed over
	Values int64            `json:"values"`
	Kept   map[string]int64 `json:"kept"` // people of whom nothing moved, by reason
	SHA256 string           `json:"sha256"`
}

// movedLine is a line of what is handed over.
type movedLine struct {
	Subject subject.ID `json:"subject"`
	Purpose string     `json:"purpose"`
	Item    string     `json:"item"`
	Value   string     `json:"value"`
	At      time.Time  `json:"at"`
}

// RunTransfer hands over what moves, a JSON object a line, and ends the transfer. The
// controller's own software acts, in the name of who of the staff began it.
// Each person's data is a use of its own, decided and written in the log; whoever
// objected keeps theirs here.
func (p *Platform) RunTransfer(ctx context.Context, want succession.ID, to io.Writer, by gate.Actor) (Moved, error) {
	out := Moved{Kept: map[string]int64{}}
	c, err := p.openTransfer(ctx, want)
	if err != nil {
		return out, err
	}
	if c.State != succession.Ready || c.Version != p.Version().Num {
		return out, fault.New(fault.Conflict, "the transfer is not ready under the version in force: avow transfer show says what it lacks")
	}
	sum := sha256.New()
	m := &mover{p: p, c: c, by: by, out: &out, to: json.NewEncoder(io.MultiWriter(to, sum))}
	if err := p.eachConcern(ctx, c, m.page); err != nil {
		return out, err
	}
	out.SHA256 = fmt.Sprintf("%x", sum.Sum(nil))
	return out, p.endTransfer(ctx, c, out, sum, by)
}

func (p *Platform) endTransfer(ctx context.Context, c *succession.Case, out Moved, sum hash.Hash, by gate.Actor) error {
	return p.aboutRecipients(ctx, "succession", func(act *db.Act, _ int64) error {
		succession.End(act, c.Num, succession.Done, out.People, sum.Sum(nil))
		kept := int64(0)
		for _, n := range out.Kept {
			kept += n
		}
		return p.transferEntry(ctx, act, c, audit.Transferred, policy.ShareTransfer, by, audit.Nums(audit.TagItems, c.Items),
			audit.Num(audit.TagCount, out.People), audit.Num(audit.TagKept, kept), audit.Bytes(audit.TagHash, sum.Sum(nil)))
	})
}

// mover hands over page by page.
type mover struct {
	p   *Platform
	c   *succession.Case
	by  gate.Actor
	out *Moved
	to  *json.Encoder
}

func (m *mover) page(ctx context.Context, people []concern) error {
	var nums []int64
	var ids []subject.ID
	for _, x := range people {
		if !x.objected.IsZero() {
			m.out.Kept["objected"]++
			continue
		}
		nums, ids = append(nums, x.facts.Num), append(ids, x.facts.ID)
	}
	moved, why := make([]bool, len(nums)), make([]string, len(nums))
	done := policy.ItemSet{}
	for _, no := range m.c.Purposes {
		items := m.itemsFor(no, &done)
		if len(items) == 0 || len(nums) == 0 {
			continue
		}
		use := policy.Use{Items: items, Purpose: no, Recipient: m.c.Recipient, Actor: policy.Service, Ref: policy.Ref{Kind: policy.RefContract, ID: string(m.c.ID)}}
		answers, err := m.p.vault.UseMany(ctx, vault.Batch{Subjects: nums, Use: use, By: gate.Actor{Role: policy.Service, ID: m.by.ID}})
		if err != nil {
			return err
		}
		for i, a := range answers {
			if !a.Decision.Allowed {
				why[i] = string(a.Decision.Reasons[0].Code)
				continue
			}
			moved[i] = true
			if err := m.write(ids[i], no, a.Values); err != nil {
				return err
			}
		}
	}
	for i := range nums {
		if moved[i] {
			m.out.People++
		} else {
			m.out.Kept[why[i]]++
		}
	}
	return nil
}

// itemsFor returns the items of the transfer that move for a purpose and not for one
// before it.
func (m *mover) itemsFor(no policy.PurposeNo, done *policy.ItemSet) (out []policy.ItemNo) {
	u := m.p.Policy().PurposeBy(no)
	for _, n := range m.c.Items {
		it := m.p.Policy().ItemBy(n)
		if it == nil || u == nil || done.Has(n) || !u.AllItems && !slices.Contains(it.Purposes, no) {
			continue
		}
		done.Add(n)
		out = append(out, n)
	}
	return out
}

func (m *mover) write(id subject.ID, no policy.PurposeNo, values []vault.Value) error {
	purpose := m.p.Policy().PurposeBy(no).Name
	for _, v := range values {
		line := movedLine{id, purpose, m.p.Policy().ItemBy(v.Item).Name, v.Text.Reveal(), v.At}
		if err := m.to.Encode(line); err != nil {
			return fmt.Errorf("transfer: %w", err)
		}
		m.out.Values++
	}
	return nil
}

// transferLetter tells people of a transfer, in every language of the policy.
func (p *Platform) transferLetter(c *succession.Case) message.Letter {
	var titles, texts []string
	for _, lang := range p.Policy().Languages() {
		title, text := p.transferWords(c, lang)
		titles, texts = append(titles, title), append(texts, text)
	}
	return message.Letter{Title: strings.Join(titles, " / "), Text: strings.Join(texts, "\n\n")}
}

func (p *Platform) transferWords(c *succession.Case, lang string) (title, text string) {
	zh := page.Chinese(lang)
	r := p.Policy().RecipientBy(c.Recipient)
	var items, purposes, fresh []string
	for _, no := range c.Items {
		if it := p.Policy().ItemBy(no); it != nil {
			items = append(items, page.Title(it.Title, it.Name, lang))
		}
	}
	for _, no := range c.Purposes {
		if u := p.Policy().PurposeBy(no); u != nil {
			purposes = append(purposes, page.Title(u.Title, u.Name, lang))
			if slices.Contains(c.Changed, no) {
				fresh = append(fresh, page.Title(u.Title, u.Name, lang))
			}
		}
	}
	from, _ := p.Policy().Calendar().Add(p.data.Now(), p.Policy().Sharing().Succession.Before)
	day := page.Moment(from.In(p.Policy().Calendar().Zone()), lang)
	who, site := page.Title(r.Title, r.Name, lang), strings.TrimSuffix(p.site, "/")+"/"+p.id
	var b strings.Builder
	line := func(en, chinese string, args ...any) {
		if zh {
			en = chinese
		}
		fmt.Fprintf(&b, en+"\n", args...)
	}
	line("Your data is to move to %s, who takes over the business.", "因业务变更，您的信息拟转移至%s。", who)
	line("What moves: %s.", "涉及信息：%s。", page.Join(items, lang))
	line("What for: %s.", "用途：%s。", page.Join(purposes, lang))
	line("When: on %s at the soonest.", "时间：最早于 %s。", day)
	if len(fresh) > 0 {
		line("New to you: %s. For that you are asked for your consent; without it nothing moves for it.", "新增用途：%s。须另行征得您的同意，未经同意不为此转移。", page.Join(fresh, lang))
	}
	line("They are bound by this policy as we are.", "受让方须继续遵守本政策。")
	if p.site != "" {
		line("You do not want that? Say so here, and yours stays: %s/me/transfers", "如不同意，请在此表示反对，您的信息将不转移：%s/me/transfers", site)
		line("To have everything deleted: %s/me/erase", "如需删除全部信息：%s/me/erase", site)
	} else {
		line("You do not want that, or want everything deleted? Write to us; the policy says where.", "如不同意或需删除，请通过政策所列方式与我们联系。")
	}
	if zh {
		return "您的信息拟转移至" + who, b.String()
	}
	return "Your data is to move to " + who, b.String()
}
