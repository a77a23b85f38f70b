package platform

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// jobIncident is the job that tells people of an incident; its ref is the incident.
const jobIncident = "incident.letters"

// letterPage is how many people are read at once who wait for a letter.
const letterPage = 100

// tellIncident is the handler of letters about an incident. Each letter is committed
// with its entry, so that a crash repeats one at most.
func (p *Platform) tellIncident(ctx context.Context, j job.Job) error {
	for {
		i, err := p.incidentPlan(ctx, incident.ID(j.Ref))
		if err != nil {
			return err
		}
		var list []incident.Person
		err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
			list, err = incident.Untold(ctx, r, i.Num, letterPage)
			return err
		})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return p.allTold(ctx, j, i)
		}
		for _, who := range list {
			if err := p.tellOne(ctx, j, i, who.Subject); err != nil {
				return err
			}
		}
	}
}

// allTold stops the clock of the letters.
func (p *Platform) allTold(ctx context.Context, j job.Job, i *incidentPlan) error {
	act := p.data.NewAct()
	for n := range i.clocks {
		c := &i.clocks[n]
		if c.Duty != incident.People || c.Done != nil {
			continue
		}
		c.Ends("", act.Now())
		e := movedIncident("people-told")
		e.Public = append(e.Public, audit.Num(audit.TagDone, i.people[incident.Sent]), audit.Num(audit.TagCount, i.people[incident.Unreachable]))
		if err := p.stopClock(ctx, act, i.Incident, c, e); err != nil {
			return err
		}
	}
	j.Finish(act)
	return p.data.Commit(ctx, act)
}

// tellOne sends one person their letter and writes what became of it. The error is
// fault.Busy where the mail server asks for another try.
func (p *Platform) tellOne(ctx context.Context, j job.Job, i *incidentPlan, num int64) error {
	var f subject.Facts
	err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		f, err = subject.ByNum(ctx, r, num)
		return err
	})
	if err != nil {
		return err
	}
	act := p.data.NewAct()
	if f.State == subject.Erased || f.State == subject.Erasing {
		incident.SavePerson(act, i.Num, num, incident.Gone, 0)
		return p.data.Commit(ctx, act)
	}
	e := audit.Entry{Kind: audit.NoticeSent, Control: policy.IncidentPeople, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagChannel, "email"), audit.Text(audit.TagType, "incident"), audit.Num(audit.TagOrder, i.Num),
	}, Subject: f.Num, SubjectID: string(f.ID), Key: f.LogKey, Private: []audit.Field{audit.Text(audit.TagRef, "incident:"+string(i.ID))}}
	due := i.due(incident.People)
	if due != nil {
		e.Public = append(e.Public, audit.Time(audit.TagDue, *due))
	}
	told := incident.Sent
	why, err := p.send(ctx, f, i)
	if fault.Of(err) == fault.Busy && j.Attempt < maxLetters {
		return err
	}
	switch {
	case err != nil:
		why = string(fault.Of(err))
	case due != nil && act.Now().After(*due):
		e.Control = "" // it went out, and late: the end of the clock says so
	}
	if why != "" {
		told, e.Kind, e.Control = incident.Unreachable, audit.NoticeFailed, ""
		e.Public = append(e.Public, audit.Text(audit.TagReason, why))
	}
	entry, err := p.log.Append(ctx, act, e)
	if err != nil {
		return err
	}
	incident.SavePerson(act, i.Num, num, told, entry)
	return p.data.Commit(ctx, act)
}

// due is when a duty of the incident is to be done.
func (i *incidentPlan) due(d incident.Duty) *time.Time {
	for _, c := range i.clocks {
		if c.Duty == d {
			return c.Due
		}
	}
	return nil
}

// send writes to one person. why says in a code that nothing could be sent.
func (p *Platform) send(ctx context.Context, f subject.Facts, i *incidentPlan) (why string, err error) {
	if p.mail == nil {
		return "no-server", nil
	}
	to, data, err := p.mailOf(ctx, f, i)
	switch {
	case err != nil:
		return "", err
	case to.IsZero():
		return "no-address", nil
	}
	return "", p.mail.Send(ctx, notice.Message{To: to, Lang: i.Language, Brand: p.Policy().Title().In(i.Language), Content: p.incidentLetter(i, data)})
}

func (p *Platform) incidentLetter(i *incidentPlan, data []string) notice.Incident {
	ctl, lang := p.Policy().Controller(), i.Language
	out := notice.Incident{
		Incident: string(i.ID), At: i.Discovered, Happened: i.Happened, Advice: i.Advice, Data: data,
		Contact: p.contactLine(), Officer: ctl.Officer.Name.In(lang), Authority: ctl.Authority.In(lang), URL: ctl.AuthorityURL,
	}
	for _, m := range i.measures {
		out.Measures = append(out.Measures, m.What)
	}
	return out
}

// contactLine is where people ask: the officer, else an address of the policy.
func (p *Platform) contactLine() string {
	ctl := p.Policy().Controller()
	for _, at := range []string{ctl.Officer.Email, ctl.Contacts["email"], ctl.Contacts["web"], ctl.Contacts["phone"]} {
		if at != "" {
			return at
		}
	}
	return ""
}

// mailOf returns the e-mail address of a person, zero where they left none, and what
// is held about them of what the incident touched. The address is used for the purpose
// that serves people's rights, which leaves its entry.
func (p *Platform) mailOf(ctx context.Context, f subject.Facts, i *incidentPlan) (to Personal, data []string, err error) {
	holdings, err := p.vault.Holdings(ctx, f.Num)
	if err != nil {
		return to, nil, err
	}
	touch, err := p.touch(i.Incident)
	if err != nil {
		return to, nil, err
	}
	var mail []policy.ItemNo
	for _, h := range holdings {
		for _, no := range h.Items {
			item := p.Policy().ItemBy(no)
			if item == nil {
				continue
			}
			if item.Type == "email" && !slices.Contains(mail, no) {
				mail = append(mail, no)
			}
			if title := page.Title(item.Title, item.Name, i.Language); (touch.items == nil || touch.items[no]) && !slices.Contains(data, title) {
				data = append(data, title)
			}
		}
	}
	slices.Sort(data)
	if len(mail) == 0 {
		return to, data, nil
	}
	answer, err := p.vault.Use(ctx, &policy.Use{
		Subject: f.Num, Items: mail, Purpose: p.Policy().RightsPurpose(), Actor: policy.Service, Ref: policy.Ref{Kind: policy.RefCase, ID: string(i.ID)},
	}, gate.Actor{Role: policy.Service})
	if err != nil || answer.Entry == 0 {
		return to, data, err
	}
	for _, v := range answer.Values {
		if strings.Contains(v.Text.Reveal(), "@") {
			return v.Text, data, nil
		}
	}
	return to, data, nil
}
