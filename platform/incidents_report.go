package platform

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/page"
)

// An IncidentReport is what an authority is told of an incident: GDPR Art. 33(3), PIPL
// Art. 57. It is written from what is on record, and holds no name of anybody.
type IncidentReport struct {
	Platform   string          `json:"platform"`
	Controller string          `json:"controller"`
	Country    string          `json:"country,omitempty"`
	Contact    string          `json:"contact,omitempty" doc:"Where more can be learned"`
	Officer    string          `json:"officer,omitempty"`
	Law        string          `json:"law,omitempty"`
	Cite       string          `json:"cite,omitempty"`
	Authority  string          `json:"authority,omitempty"`
	Due        *time.Time      `json:"due,omitempty"`
	Rule       string          `json:"rule,omitempty" doc:"What set the time: policy, or the law"`
	Incident   incident.ID     `json:"incident"`
	Kind       string          `json:"kind"`
	Discovered time.Time       `json:"discovered"`
	From       *time.Time      `json:"from,omitempty"`
	Until      *time.Time      `json:"until,omitempty"`
	Happened   string          `json:"happened"`
	Data       []string        `json:"data" doc:"Categories of data concerned"`
	People     int64           `json:"people" doc:"How many people it concerns"`
	Told       int64           `json:"told"`
	Advice     string          `json:"advice,omitempty"`
	Measures   []incident.Step `json:"measures"`
	Made       time.Time       `json:"made"`
	Language   string          `json:"language"`
}

// IncidentReport returns the report for the authority of a law; "" is that of the
// first clock.
func (p *Platform) IncidentReport(ctx context.Context, want incident.ID, law string) (*IncidentReport, error) {
	i, err := p.incidentPlan(ctx, want)
	if err != nil {
		return nil, err
	}
	ctl := p.Policy().Controller()
	out := &IncidentReport{
		Platform: p.Policy().Title().In(i.Language), Controller: ctl.Name.In(i.Language), Country: ctl.Country.String(), Contact: p.contactLine(),
		Officer: ctl.Officer.Name.In(i.Language), Authority: ctl.Authority.In(i.Language), Incident: i.ID, Kind: IncidentWord(string(i.Kind), i.Language),
		Discovered: i.Discovered, Happened: i.Happened, Advice: i.Advice, Measures: i.measures, Made: p.data.Now(), Language: i.Language,
		Told: i.people[incident.Sent], Data: []string{},
	}
	for _, n := range i.people {
		out.People += n
	}
	found := false
	for _, c := range i.clocks {
		if c.Duty == incident.Authority && !found && (law == "" || c.Law == law) {
			found, out.Law, out.Cite, out.Due, out.Rule = true, c.Law, c.Cite, c.Due, c.Rule
		}
	}
	if !found {
		return nil, fault.New(fault.NotFound, "no such law asks for a report of this incident: avow incident show lists its clocks")
	}
	if at := i.Touched.From; !at.IsZero() {
		out.From = &at
	}
	if at := i.Touched.Until; !at.IsZero() {
		out.Until = &at
	}
	out.Data, err = p.dataTouched(ctx, i)
	return out, err
}

// dataTouched names the items that the incident touched: those it names, else those
// that are held about the people whom it concerns, as far as a hundred of them show.
func (p *Platform) dataTouched(ctx context.Context, i *incidentPlan) ([]string, error) {
	touch, err := p.touch(i.Incident)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	if touch.items == nil {
		var list []incident.Person
		err := p.data.Read(ctx, func(r *db.Snapshot) (err error) {
			list, err = incident.Concerned(ctx, r, i.Num, 0, letterPage)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, who := range list {
			held, err := p.vault.Holdings(ctx, who.Subject)
			if err != nil {
				return nil, err
			}
			for _, h := range held {
				for _, no := range h.Items {
					if item := p.Policy().ItemBy(no); item != nil {
						seen[item.Name] = true
					}
				}
			}
		}
	}
	out := []string{}
	for _, item := range p.Policy().Items() {
		if seen[item.Name] || touch.items[item.No] {
			out = append(out, page.Title(item.Title, item.Name, i.Language))
		}
	}
	return out, nil
}

// Markdown is the report as text.
func (r *IncidentReport) Markdown() string {
	zh := page.Chinese(r.Language)
	pick := func(en, other string) string {
		if zh {
			return other
		}
		return en
	}
	var b strings.Builder
	line := func(en, other, value string) {
		if value != "" {
			fmt.Fprintf(&b, "- %s: %s\n", pick(en, other), value)
		}
	}
	at := func(t *time.Time) string {
		if t == nil || t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	fmt.Fprintf(&b, "# %s\n\n", pick("Report of an incident with personal data", "个人信息安全事件报告"))
	line("Controller", "个人信息处理者", r.Controller)
	line("Platform", "平台", r.Platform)
	line("Country", "国家", r.Country)
	line("To", "报告对象", r.Authority)
	line("Under", "依据", strings.TrimSpace(r.Law+" "+r.Cite))
	line("Due", "时限", at(r.Due))
	line("Protection officer", "个人信息保护负责人", r.Officer)
	line("Contact", "联系方式", r.Contact)
	fmt.Fprintf(&b, "\n## %s\n\n", pick("What happened", "事件情况"))
	line("Incident", "事件编号", string(r.Incident))
	line("Kind", "类型", r.Kind)
	line("Discovered", "发现时间", at(&r.Discovered))
	line("Began", "起始时间", at(r.From))
	line("Ended", "终止时间", at(r.Until))
	if r.Happened != "" {
		fmt.Fprintf(&b, "\n%s\n", r.Happened)
	}
	fmt.Fprintf(&b, "\n## %s\n\n", pick("Data and people", "涉及的信息与人员"))
	line("People", "人数", fmt.Sprint(r.People))
	line("Told so far", "已告知", fmt.Sprint(r.Told))
	line("Data", "信息种类", page.Join(r.Data, r.Language))
	fmt.Fprintf(&b, "\n## %s\n\n", pick("Measures", "采取的措施"))
	for _, m := range r.Measures {
		state := pick("open", "进行中")
		if m.Done != nil {
			state = at(m.Done) + ": " + m.Note
		}
		fmt.Fprintf(&b, "- %s — %s\n", m.What, state)
	}
	if r.Advice != "" {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", pick("What people are advised to do", "对个人的建议"), r.Advice)
	}
	fmt.Fprintf(&b, "\n%s %s\n", pick("Written", "生成时间"), r.Made.UTC().Format(time.RFC3339))
	return b.String()
}

// IncidentWord says a code of an incident in a language: its kind, level or state, a
// duty, what became of telling somebody. A code that it does not know it returns.
func IncidentWord(code, language string) string {
	words := map[string][2]string{
		"leak": {"data got out", "信息泄露"}, "access": {"seen by somebody who may not", "未授权访问"}, "account": {"an account in other hands", "账号被盗用"},
		"loss": {"data was lost", "信息丢失"}, "alteration": {"data was changed", "信息被篡改"},
		"highest": {"highest", "最高"}, "high": {"high", "高"}, "ordinary": {"ordinary", "一般"},
		"open": {"open", "处理中"}, "closed": {"closed", "已结案"},
		"plan": {"start of the plan", "启动预案"}, "authority": {"report to the authority", "报告主管机关"}, "people": {"letters to people", "告知个人"},
		"waiting": {"waiting", "待告知"}, "told": {"told", "已告知"}, "unreachable": {"unreachable", "无法送达"}, "gone": {"erased meanwhile", "已删除"},
	}
	w, ok := words[code]
	switch {
	case !ok:
		return code
	case page.Chinese(language):
		return w[1]
	}
	return w[0]
}
