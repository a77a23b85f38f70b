package platform

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/publication"
	"github.com/avow-dev/avow/subject"
)

// An outcome is what became of one copy.
type outcome struct {
	state message.State
	why   string           // a code
	also  []policy.Control // that withheld it
}

func withheld(why string, also ...policy.Control) outcome {
	return outcome{message.Withheld, why, also}
}

// sendCopy is the handler of one copy: it decides, sends, and writes what became of it.
func (p *Platform) sendCopy(ctx context.Context, j job.Job) error {
	name, n, _ := strings.Cut(j.Ref, "/")
	num, err := strconv.ParseInt(n, 10, 64)
	if err != nil {
		return err
	}
	m, err := p.messageBy(ctx, message.ID(name))
	if err != nil {
		return err
	}
	f, barred, err := p.whomToSend(ctx, num)
	if err != nil {
		return err
	}
	var o outcome
	switch {
	case f.State != subject.Open:
		o = withheld("account-ended", policy.AccountClosing)
	case m.Class.Leaves() && barred:
		o = withheld("suppressed", policy.CollectSuppressed)
	case m.Channel == message.Email:
		o, err = p.mailCopy(ctx, m, f, j.Attempt)
	default:
		o, err = p.handCopy(ctx, m, f)
	}
	if err != nil {
		return err
	}
	return p.endCopy(ctx, j, m, f, o)
}

// whomToSend reads a person, and whether an identifier of theirs is barred from
// marketing.
func (p *Platform) whomToSend(ctx context.Context, num int64) (f subject.Facts, barred bool, err error) {
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		if f, err = subject.ByNum(ctx, r, num); err != nil {
			return err
		}
		ids, err := subject.Identifiers(ctx, r, num)
		if err != nil {
			return err
		}
		for _, i := range ids {
			on, err := subject.Suppressed(ctx, r, i.Digest, subject.Marketing, p.data.Now())
			if err != nil {
				return err
			}
			barred = barred || on
		}
		return nil
	})
	return f, barred, err
}

// endCopy commits what became of a copy with its entry and the end of its job.
func (p *Platform) endCopy(ctx context.Context, j job.Job, m *message.Message, f subject.Facts, o outcome) error {
	control := policy.NoticeClass
	if m.Class == message.Policy {
		control = policy.ChangeNoticed
	}
	e := audit.Entry{Kind: audit.NoticeSent, Control: control, Also: append(o.also, also(m)...), Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagType, m.Class), audit.Text(audit.TagChannel, m.Channel), audit.Text(audit.TagReason, m.Reason),
		audit.Text(audit.TagOutcome, o.state),
	}}
	if m.Purpose != 0 {
		e.Public = append(e.Public, audit.Num(audit.TagPurpose, m.Purpose))
		e.Also = append(e.Also, policy.UsePurpose)
	}
	switch o.state {
	case message.Withheld:
		e.Kind = audit.MessageWithheld
		e.Public = append(e.Public, audit.Text(audit.TagReason, o.why))
	case message.Failed: // what never went shows no promise kept
		e.Kind, e.Control, e.Also = audit.NoticeFailed, "", nil
		e.Public = append(e.Public, audit.Text(audit.TagReason, o.why))
	}
	if f.State != subject.Erasing && f.State != subject.Erased {
		if err := p.aboutPerson(&e, f, ""); err != nil {
			return err
		}
		e.Private = append(e.Private, audit.Text(audit.TagRef, "message:"+string(m.ID)))
	}
	act := p.data.NewAct()
	message.Move(act, message.Copy{Message: m.Num, Subject: f.Num, State: message.Waiting}, o.state, o.why)
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return err
	}
	j.Finish(act)
	return p.data.Commit(ctx, act)
}

// reaches returns the items by which a purpose reaches somebody on a channel: their
// identifiers of the kind that it takes; any that the purpose has, where the
// controller's own sender needs none of them.
func (p *Platform) reaches(purpose policy.PurposeNo, channel string) (out []policy.ItemNo) {
	kind := map[string]string{message.Email: "email", "sms": "phone"}[channel]
	u := p.Policy().PurposeBy(purpose)
	var rest []policy.ItemNo
	for _, i := range p.Policy().Items() {
		switch {
		case u == nil || !u.AllItems && !slices.Contains(i.Purposes, purpose):
		case i.Identifier != "" && (kind == "" || i.Identifier == kind):
			out = append(out, i.No)
		case kind == "" && i.Form != "secret":
			rest = append(rest, i.No)
		}
	}
	return append(out, rest...)
}

// handCopy decides whether somebody may have a message that the controller's own
// sender takes to them.
func (p *Platform) handCopy(ctx context.Context, m *message.Message, f subject.Facts) (outcome, error) {
	items := p.reaches(m.Purpose, m.Channel)
	if len(items) == 0 {
		return withheld("no-item", policy.UsePurpose), nil
	}
	ref, err := message.ParseRef(m.Ref)
	if err != nil {
		return outcome{}, err
	}
	d, err := p.gate.Decide(ctx, &policy.Use{Subject: f.Num, Items: items[:1], Purpose: m.Purpose, Actor: policy.Service, Ref: ref})
	if err != nil || d.Allowed {
		return outcome{state: message.Handed}, err
	}
	return refusedBy(d), nil
}

// refusedBy is the outcome of a decision that says no.
func refusedBy(d policy.Decision) outcome {
	o := withheld(string(d.Reasons[0].Code))
	for _, r := range d.Reasons {
		if !slices.Contains(o.also, r.Control) {
			o.also = append(o.also, r.Control)
		}
	}
	return o
}

// mailCopy decides whether somebody gets a mail, and sends it to the newest address
// that the purpose reaches them by.
func (p *Platform) mailCopy(ctx context.Context, m *message.Message, f subject.Facts, attempt int) (outcome, error) {
	purpose := m.Purpose
	if m.Class == message.Policy { // to be told is a right of theirs
		purpose = p.Policy().RightsPurpose()
	}
	content, err := p.contentOf(ctx, m, f)
	if err != nil {
		return outcome{}, err
	}
	ref, err := message.ParseRef(m.Ref)
	if err != nil {
		return outcome{}, err
	}
	switch {
	case content == nil:
		return withheld("replaced"), nil
	case p.mail == nil:
		return outcome{state: message.Failed, why: "no-server"}, nil
	}
	for _, item := range p.reaches(purpose, m.Channel) {
		a, err := p.vault.Use(ctx, &policy.Use{Subject: f.Num, Items: []policy.ItemNo{item}, Purpose: purpose, Actor: policy.Service, Ref: ref}, gate.Actor{Role: policy.Service})
		switch {
		case err != nil:
			return outcome{}, err
		case !a.Decision.Allowed:
			return refusedBy(a.Decision), nil
		case len(a.Values) == 0:
			continue
		}
		return p.mailTo(ctx, m, content, a.Values[len(a.Values)-1].Text, attempt)
	}
	return withheld("no-address"), nil
}

func (p *Platform) mailTo(ctx context.Context, m *message.Message, content notice.Content, to Personal, attempt int) (outcome, error) {
	err := p.mail.Send(ctx, notice.Message{To: to, Lang: m.Language, Brand: p.Policy().Title().In(m.Language), Content: content})
	switch {
	case err == nil:
		return outcome{state: message.Sent}, nil
	case fault.Of(err) == fault.Busy && attempt < maxLetters:
		return outcome{}, err
	}
	return outcome{state: message.Failed, why: string(fault.Of(err))}, nil
}

// contentOf is what a mail says to somebody; nil where it has nothing to say any more:
// the version was replaced before it came.
func (p *Platform) contentOf(ctx context.Context, m *message.Message, f subject.Facts) (notice.Content, error) {
	if m.Class == message.Policy {
		return p.changeLetter(ctx, m)
	}
	b, err := p.keys.Open(ctx, m.Key, messageAAD(m), m.Sealed)
	if err != nil {
		return nil, fmt.Errorf("message: %w", err)
	}
	var l message.Letter
	if err := json.Unmarshal(b, &l); err != nil {
		return nil, fmt.Errorf("message: %w", err)
	}
	out := notice.Letter{Title: l.Title, Text: l.Text, Class: ClassWord(m.Class, m.Language), Reason: m.Reason}
	if u := p.Policy().PurposeBy(m.Purpose); u != nil {
		out.Purpose = page.Title(u.Title, u.Name, m.Language)
	}
	if m.Class.Leaves() {
		out.WayOut = p.wayOut(m.ID, f.ID)
	}
	return out, nil
}

// changeLetter is the notice of a change by mail, in every language of the policy: in
// which somebody reads is not on record.
func (p *Platform) changeLetter(ctx context.Context, m *message.Message) (notice.Content, error) {
	plan, err := p.planned(ctx)
	if err != nil || plan == nil || plan.Num != m.Version {
		return nil, err
	}
	var out notice.Several
	for _, lang := range plan.Policy.Languages() {
		out = append(out, notice.Said{Lang: lang, Brand: p.Policy().Title().In(lang), Content: p.changeIn(plan, lang)})
	}
	return out, nil
}

func (p *Platform) changeIn(plan *publication.Plan, lang string) notice.Changed {
	_, d := publication.TermsOf(p.Policy(), plan.Policy)
	out := notice.Changed{
		Major: plan.Terms.Weight == policy.Major, Again: plan.Terms.Again, Keeps: plan.Terms.Keeps,
		From: page.Moment(p.likely(plan).In(plan.Policy.Calendar().Zone()), lang),
	}
	for _, c := range d.Changes {
		if c.Weight != policy.Technical {
			out.What = append(out.What, c.Says.In(lang))
		}
	}
	if p.site != "" {
		out.Link = strings.TrimSuffix(p.site, "/") + "/" + p.id + "/versions"
	}
	return out
}

// wayOut is the address at which one click ends messages of the kind for somebody. It
// needs no sign-in: the token is an index under a key of the platform.
func (p *Platform) wayOut(id message.ID, sub subject.ID) string {
	return strings.TrimSuffix(p.site, "/") + "/" + p.id + "/leave/" + string(id) + "/" + string(sub) + "/" + p.wayToken(id, sub)
}

func (p *Platform) wayToken(id message.ID, sub subject.ID) string {
	return base64.RawURLEncoding.EncodeToString(p.keys.Index("way-out", string(id)+"/"+string(sub))[:16])
}

// ClassWord says a class of message in a language.
func ClassWord(c message.Class, language string) string {
	words := map[message.Class][2]string{
		message.Service: {"service reminder", "服务提醒"}, message.Update: {"system update", "系统更新通知"},
		message.Safety: {"safety warning", "安全警示"}, message.Transaction: {"about an order or payment", "交易通知"},
		message.Survey: {"invitation to a survey", "调查邀请"}, message.Marketing: {"advertising", "营销推广"},
		message.Policy: {"change of the privacy policy", "隐私政策变更"},
	}
	w, ok := words[c]
	switch {
	case !ok:
		return string(c)
	case strings.HasPrefix(strings.ToLower(language), "zh"):
		return w[1]
	}
	return w[0]
}
