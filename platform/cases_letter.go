package platform

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/contact"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
)

// jobLetter is the job that sends a letter about a case; its ref is the case and the
// number of the event.
const jobLetter = "contact.letter"

// maxLetters is how often a letter is tried.
const maxLetters = 8

// Work does what is due now of the platform's durable jobs and returns how many
// there were. A server does so by itself ([Platform.Run]); this is for who moves the
// clock, and wants done what belongs to a day before the next begins.
func (p *Platform) Work(ctx context.Context) (int, error) { return p.jobs.RunDue(ctx) }

// writeLetter is the handler of letters about cases.
func (p *Platform) writeLetter(ctx context.Context, j job.Job) error {
	name, turn, _ := strings.Cut(j.Ref, "/")
	n, err := strconv.ParseInt(turn, 10, 64)
	if err != nil {
		return err
	}
	c, err := p.caseRow(ctx, contact.ID(name))
	if err != nil {
		return err
	}
	list, err := p.caseEvents(ctx, c)
	if err != nil || n < 1 || n > int64(len(list)) {
		return err
	}
	ev, to := list[n-1], list[0].Contact
	content, control := p.letter(c, ev)
	e := audit.Entry{Kind: audit.NoticeSent, Control: control, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagChannel, "email"), audit.Text(audit.TagType, ev.Kind),
	}}
	why := ""
	switch {
	case content == nil || ev.Gone:
		why = "gone"
	case p.mail == nil:
		why = "no-server"
	case !strings.Contains(to, "@"):
		why = "no-address"
	default:
		err := p.mail.Send(ctx, notice.Message{To: NewPersonal(to), Lang: c.Language, Brand: p.Policy().Title().In(c.Language), Content: content})
		if fault.Of(err) == fault.Busy && j.Attempt < maxLetters {
			return err
		}
		if err != nil {
			why = string(fault.Of(err))
		}
	}
	if why != "" { // a letter that never went shows no promise kept
		e.Kind, e.Control = audit.NoticeFailed, ""
		e.Public = append(e.Public, audit.Text(audit.TagReason, why))
	}
	if err := p.aboutWhom(ctx, c, gate.Actor{}, &e); err != nil {
		return err
	}
	act := p.data.NewAct()
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return err
	}
	j.Finish(act)
	return p.data.Commit(ctx, act)
}

// letter is what the person is told of an event, and the control that telling shows.
func (p *Platform) letter(c *contact.Case, e CaseEvent) (notice.Content, policy.Control) {
	ctl, id := p.Policy().Controller(), string(c.ID)
	authority, link := ctl.Authority.In(c.Language), p.caseLink(c)
	switch e.Kind {
	case audit.CaseOpened.String():
		return notice.CaseOpened{Case: id, What: CaseWord(string(c.Kind), c.Language), Due: p.dueWords(c), First: string(c.First), Link: link}, policy.ContactCase
	case audit.CaseReplied.String():
		return notice.CaseAnswered{Case: id, Text: e.Text, Authority: authority, URL: ctl.AuthorityURL, Link: link}, policy.ComplaintRoute
	case audit.CaseDelayed.String():
		return notice.CaseDelayed{Case: id, Why: CaseWord(e.Note, c.Language), Due: p.dueWords(c), Link: link}, policy.RequestExtended
	case audit.CaseClosed.String():
		return notice.CaseClosed{Case: id, How: CaseWord(e.Note, c.Language), Authority: authority, URL: ctl.AuthorityURL, Link: link}, policy.ComplaintRoute
	}
	return nil, ""
}

// caseLink is where a person who is known sees their case.
func (p *Platform) caseLink(c *contact.Case) string {
	if p.site == "" || c.Subject == 0 {
		return ""
	}
	return strings.TrimSuffix(p.site, "/") + "/" + p.id + "/me/cases/" + string(c.ID)
}

func (p *Platform) dueWords(c *contact.Case) string {
	if c.Due == nil {
		return ""
	}
	return page.Moment(c.Due.In(time.UTC), c.Language)
}

// CaseWord says a code of a case in a language: its kind, topic or state, why an
// answer takes longer, how a case ended. A code that it does not know it returns.
func CaseWord(code, language string) string {
	words := map[string][2]string{
		"question": {"question", "咨询"}, "comment": {"comment", "意见"}, "opinion": {"opinion", "看法"},
		"suggestion": {"suggestion", "建议"}, "complaint": {"complaint", "投诉"},
		"leak": {"report of a leak", "泄露举报"}, "child": {"report that an account is a child's", "未成年人账号举报"}, "account": {"an account or its password", "账号或密码"},
		"policy": {"this policy", "本政策"}, "data": {"personal data", "个人信息"}, "other": {"something else", "其他事项"},
		"open": {"waiting for an answer", "待答复"}, "answered": {"answered", "已答复"}, "closed": {"closed", "已办结"},
		"complex": {"it is complex", "情况复杂"}, "many-requests": {"there are many questions at once", "咨询数量较多"},
		"third-party": {"somebody else has to say something first", "须待第三方答复"}, "clarification": {"we have to ask you something first", "须先向您了解情况"},
		"solved": {"solved", "已解决"}, "withdrawn": {"you took it back", "您已撤回"}, "not-ours": {"somebody else has to answer it", "应由他方答复"},
		"as-request": {"it became a request for a right", "已转为权利请求"}, "escalated": {"another case looks at it again", "已转入复核"},
		"no-word": {"nobody replied to our answer", "答复后未再收到回复"},
	}
	w, ok := words[code]
	switch {
	case !ok:
		return code
	case strings.HasPrefix(strings.ToLower(language), "zh"):
		return w[1]
	}
	return w[0]
}

// caseSweep is how many cases a sweep takes in one read.
const caseSweep = 100

// SweepCases closes answered cases to which nobody said anything more, and destroys
// the keys of those that were closed long enough ago. It returns how many it ended.
func (p *Platform) SweepCases(ctx context.Context) (ended int, err error) {
	machine := gate.Actor{Role: policy.Service}
	var silent, kept []*contact.Case
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		if silent, err = contact.Silent(ctx, r, silentSince(p.data.Now()), caseSweep); err != nil {
			return err
		}
		kept, err = contact.Kept(ctx, r, caseSweep)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, c := range silent {
		_, err := p.moveCase(ctx, c.ID, machine, func(act *db.Act, c *contact.Case) error {
			return p.endCase(ctx, act, c, contact.NoWord, machine)
		})
		if err != nil && fault.Of(err) != fault.Conflict {
			return ended, err
		}
	}
	for _, c := range kept {
		if contact.Ends(p.Policy(), *c.Ended).After(p.data.Now()) {
			break
		}
		if err := p.forgetCase(ctx, c, machine); err != nil {
			return ended, err
		}
		ended++
	}
	return ended, nil
}

// forgetCase destroys the key of a case, and then says so.
func (p *Platform) forgetCase(ctx context.Context, c *contact.Case, by gate.Actor) error {
	if err := p.keys.Destroy(ctx, c.Key); err != nil {
		return err
	}
	_, err := p.moveCase(ctx, c.ID, by, func(act *db.Act, c *contact.Case) error {
		at, num := act.Now(), c.Num
		if c.Class != 0 {
			num = c.Subject
		}
		c.Gone = &at
		p.keys.Unbind(act, num, c.Key)
		if err := p.caseEvent(ctx, act, c, by, audit.Entry{Kind: audit.CaseKeyEnded, Control: policy.RetentionExpiry}, written{}, "", false); err != nil {
			return err
		}
		contact.Clear(act, c.Num)
		return nil
	})
	return err
}
