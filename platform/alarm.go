package platform

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/policy"
)

// jobAlarm is the job that writes to the officer; its ref is the entry of the alarm.
const jobAlarm = "alarm.letter"

// An Alarm is something out of the ordinary that the officer has to hear of.
type Alarm struct {
	What  AlarmKind
	At    time.Time // when it happened
	Count int64     // how many there were; 0: that says nothing
	Ref   string    // a code of what it is about: a role, a law, a duty; nothing personal
	Order int64     // number of the incident it is about; 0: none
}

// An AlarmKind says what an alarm is about.
type AlarmKind string

// The kinds of alarm.
const (
	ManyReads     AlarmKind = "many-reads"   // one of the staff read more than anybody's work needs
	ManyFailures  AlarmKind = "sign-ins"     // staff sign-ins failed in a row
	LogDamaged    AlarmKind = "log-damaged"  // the log does not fit its signed root
	IncidentDue   AlarmKind = "incident-due" // a clock of an incident is in its last quarter
	IncidentIsNew AlarmKind = "incident-new" // somebody reported a leak
	BackupLate    AlarmKind = "backup-late"  // an archive that was to be written was not
)

// alarmEntry is the entry of an alarm: when it happened, and by its own time when it
// was seen.
func (p *Platform) alarmEntry(a Alarm) audit.Entry {
	e := audit.Entry{Kind: audit.Alerted, Control: policy.SecurityAlert, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagType, a.What), audit.Time(audit.TagAt, a.At),
	}}
	if a.Count > 0 {
		e.Public = append(e.Public, audit.Num(audit.TagCount, a.Count))
	}
	if a.Ref != "" {
		e.Public = append(e.Public, audit.Text(audit.TagRule, a.Ref))
	}
	if a.Order > 0 {
		e.Public = append(e.Public, audit.Num(audit.TagOrder, a.Order))
	}
	return e
}

// raise adds an alarm to an act: its entry, and the letter to the officer.
func (p *Platform) raise(ctx context.Context, act *db.Act, a Alarm) error {
	entry, err := p.log.Append(ctx, act, p.alarmEntry(a))
	if err != nil {
		return err
	}
	job.Enqueue(act, job.Job{Kind: jobAlarm, Ref: "entry-" + strconv.FormatInt(entry, 10)})
	return nil
}

// Raise leaves the entry of an alarm, and writes to the officer.
func (p *Platform) Raise(ctx context.Context, a Alarm) error {
	act := p.data.NewAct()
	if err := p.raise(ctx, act, a); err != nil {
		return err
	}
	return p.data.Commit(ctx, act)
}

// writeAlarm is the handler of letters to the officer. One that cannot go out leaves
// the entry, which the console shows; it breaks nothing.
func (p *Platform) writeAlarm(ctx context.Context, j job.Job) error {
	n, err := strconv.ParseInt(strings.TrimPrefix(j.Ref, "entry-"), 10, 64)
	if err != nil {
		return err
	}
	e, err := p.Entry(ctx, n)
	if err != nil {
		return err
	}
	to, why := p.officerMail(), ""
	switch {
	case p.mail == nil:
		why = "no-server"
	case to == "":
		why = "no-address"
	default:
		lang := p.Policy().Languages()[0]
		err := p.mail.Send(ctx, notice.Message{To: NewPersonal(to), Lang: lang, Brand: p.Policy().Title().In(lang), Content: p.alarmLetter(e, lang)})
		if fault.Of(err) == fault.Busy && j.Attempt < maxLetters {
			return err
		}
		if err != nil {
			why = string(fault.Of(err))
		}
	}
	sent := audit.Entry{Kind: audit.NoticeSent, Public: []audit.Field{audit.Text(audit.TagChannel, "email"), audit.Text(audit.TagType, "alarm"), audit.Num(audit.TagEntry, n)}}
	if why != "" {
		sent.Kind = audit.NoticeFailed
		sent.Public = append(sent.Public, audit.Text(audit.TagReason, why))
	}
	act := p.data.NewAct()
	if _, err := p.log.Append(ctx, act, sent); err != nil {
		return err
	}
	j.Finish(act)
	return p.data.Commit(ctx, act)
}

// officerMail is where alarms go: the protection officer of the policy, else the
// controller.
func (p *Platform) officerMail() string {
	ctl := p.Policy().Controller()
	if ctl.Officer.Email != "" {
		return ctl.Officer.Email
	}
	return ctl.Contacts["email"]
}

func (p *Platform) alarmLetter(e audit.Record, lang string) notice.Alarm {
	out := notice.Alarm{What: AlarmWord(AlarmKind(e.Public.Text(audit.TagType)), lang), At: e.At, Detail: e.Public.Text(audit.TagRule)}
	if n := e.Public.Num(audit.TagCount); n > 0 {
		out.Detail = strings.TrimSpace(strconv.FormatUint(n, 10) + " " + out.Detail)
	}
	if p.site != "" {
		out.Link = strings.TrimSuffix(p.site, "/") + "/console/" + p.id + "/log/" + strconv.FormatInt(e.ID, 10)
	}
	return out
}

// AlarmWord says in a language what an alarm is about.
func AlarmWord(k AlarmKind, language string) string {
	words := map[AlarmKind][2]string{
		ManyReads:     {"One member of the staff read far more records than usual.", "一名员工查阅的记录远超常量。"},
		ManyFailures:  {"Sign-ins of the staff fail again and again.", "员工登录连续失败。"},
		LogDamaged:    {"The log does not fit its signed root.", "日志与其签名根不一致。"},
		IncidentDue:   {"A clock of an incident is running out.", "一起安全事件的时限即将届满。"},
		IncidentIsNew: {"Somebody reported a leak: an incident is open, and nobody leads it yet.", "收到泄露举报：事件已立案，尚无负责人。"},
		BackupLate:    {"An archive that was to be written was not.", "应完成的备份尚未完成。"},
	}
	w, ok := words[k]
	switch {
	case !ok:
		return string(k)
	case strings.HasPrefix(strings.ToLower(language), "zh"):
		return w[1]
	}
	return w[0]
}
