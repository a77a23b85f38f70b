package rights

import (
	"context"
	"strings"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// inform is the step that tells the person: that a package waits, or that it is
// done, with the receipt. A mail that cannot be sent is tried again for a while;
// then the log says so and the request goes on, since its key has to die.
func (s *Service) inform(ctx context.Context, w *work) error {
	d, err := s.details(ctx, w.q)
	if err != nil {
		return err
	}
	ctl := s.policy().Controller()
	content := notice.Done{
		Request: string(w.q.id), What: s.what(w.q), Link: s.linkTo(w.q),
		Authority: ctl.Authority.In(w.q.language), URL: ctl.AuthorityURL,
	}
	if w.q.fetchable() {
		content.Package = true
		if w.q.expires != nil {
			content.Until = *w.q.expires
		}
	} else if content.Receipt, err = s.Receipt(ctx, w.q.id); err != nil {
		return err
	}
	s.point("rights.inform.before-mail")
	f, err := s.write(ctx, w.q, d, content)
	if err != nil && fault.Of(err) == fault.Busy && w.step.tries+1 < maxTries {
		return err
	}
	s.point("rights.inform.after-mail")
	return s.finish(ctx, w, f, nil)
}

// write sends a message about a request, and says what came of it. The error is
// of the mail server; it names nobody.
func (s *Service) write(ctx context.Context, q *request, d *details, content notice.Content) (fact, error) {
	f := fact{kind: audit.NoticeSent, control: policy.RequestReply, note: "mail", public: []audit.Field{audit.Text(audit.TagChannel, "email")}}
	to := s.address(d)
	if s.mail == nil || to.IsZero() {
		f.kind, f.note = audit.NoticeFailed, "no-address"
		if s.mail == nil {
			f.note = "no-server"
		}
		f.public = append(f.public, audit.Text(audit.TagReason, f.note))
		return f, nil
	}
	f.also = []policy.Control{policy.ComplaintRoute} // both letters name the authority
	err := s.mail.Send(ctx, notice.Message{To: to, Lang: q.language, Brand: s.policy().Title().In(q.language), Content: content})
	if err != nil {
		f.kind, f.note, f.also = audit.NoticeFailed, string(fault.Of(err)), nil
		f.public = append(f.public, audit.Text(audit.TagReason, f.note))
	}
	return f, err
}

// address is where answers go: the contact that was given, else an e-mail address
// the person is known by.
func (s *Service) address(d *details) seal.Personal {
	if strings.Contains(d.Contact, "@") {
		return seal.NewPersonal(d.Contact)
	}
	for _, i := range d.Identifiers {
		if i.Kind == "email" {
			return seal.NewPersonal(i.Value)
		}
	}
	return seal.Personal{}
}

// what is the right in the words of the policy.
func (s *Service) what(q *request) string { return page.RightTitle(s.policy(), q.right(), q.language) }

func (s *Service) linkTo(q *request) string {
	if s.link == nil {
		return ""
	}
	return s.link(q.id)
}

// runInform is the handler of the jobs that tell a person why their request was
// refused (GDPR Art. 12(4)).
func (s *Service) runInform(ctx context.Context, j job.Job) error {
	q, about, err := s.load(ctx, ID(j.Ref))
	if err != nil || q.closed != nil || q.state != Refused {
		return err
	}
	d, err := s.details(ctx, q)
	if err != nil {
		return err
	}
	p, words := s.policy(), narrator{s.policy(), q.language}
	f, err := s.write(ctx, q, d, notice.Refused{
		Request: string(q.id), What: s.what(q), Why: words.refusal(q.reason), Cite: q.cite,
		Authority: p.Controller().Authority.In(q.language), URL: p.Controller().AuthorityURL, Link: s.linkTo(q),
	})
	if err != nil && fault.Of(err) == fault.Busy && j.Attempt < maxTries {
		return err
	}
	return s.change(ctx, q, about, q.state, f, func(a *db.Act) error {
		j.Finish(a)
		return nil
	})
}

// refusal says in words why a request was refused.
func (n narrator) refusal(code string) string {
	switch code {
	case "identity-not-proved":
		return n.pick("We could not verify who you are.", "未能核实您的身份。")
	case "unfounded":
		return n.pick("The request is manifestly unfounded.", "请求明显没有依据。")
	case "excessive":
		return n.pick("The same was asked for again and again without reason.", "无正当理由反复提出。")
	case "legal-obligation":
		return n.pick("A law makes us keep the data.", "法律要求我们保存相关信息。")
	case "legal-claims":
		return n.pick("The data is needed to establish or defend legal claims.", "相关信息为提出或抗辩法律请求所必需。")
	case "public-interest":
		return n.pick("The data is needed in the public interest.", "相关信息为公共利益所必需。")
	case "expression":
		return n.pick("Freedom of expression and information stands against it.", "涉及言论与信息自由。")
	case "others-rights":
		return n.pick("It would hurt the rights of others.", "将损害他人的权利。")
	case "circumstances":
		return n.pick("None of the cases in which this can be asked for holds.", "不符合可提出该请求的情形。")
	case "not-ours":
		return n.pick("Another controller holds the data.", "相关信息由其他处理者持有。")
	}
	return ""
}

// informed is the last notice about a request.
func informed(events []Event) (at *Event) {
	for i := range events {
		if e := &events[i]; e.Kind == audit.NoticeSent.String() || e.Kind == audit.NoticeFailed.String() {
			at = e
		}
	}
	return at
}

// toldOf lists the recipients that were told.
func toldOf(p *plan.Public, events []Event) []plan.Told {
	var out []plan.Told
	if p == nil {
		return nil
	}
	for _, r := range p.Recipients {
		t := plan.Told{Name: r.Name, Title: r.Title, Items: r.Items}
		for _, e := range events {
			if e.Kind == audit.RecipientTold.String() && e.Note == r.Name {
				at := e.At
				t.At = &at
			}
		}
		out = append(out, t)
	}
	return out
}
