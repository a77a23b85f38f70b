package console

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/incident"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/web"
)

// A newIncidentPage declares an incident. What was typed of a person is not shown
// again.
type newIncidentPage struct {
	incidentView
	Kinds                                        []incident.Kind
	Levels                                       []incident.Level
	People, Keys, Recipients, Systems, AllItems  []choice
	Finders                                      []string
	Kind, Level, Language                        string
	Discovered, From, Until, Happened, Recipient string
	OfStaff, Key, System                         string
	Items                                        []string
}

func (c *Console) askIncident(v *visit) error { return c.showNewIncident(v, http.StatusOK, "") }

func (c *Console) showNewIncident(v *visit, status int, problem string) error {
	p := newIncidentPage{
		incidentView: c.incidentView(v, func(t *incidentWords) string { return t.Declare }), Kinds: incident.Kinds(), Levels: incident.Levels(), Finders: c.kinds(),
		Kind: v.r.PostFormValue("kind"), Level: v.r.PostFormValue("level"), Language: v.r.PostFormValue("language"), Discovered: v.r.PostFormValue("discovered"),
		From: v.r.PostFormValue("from"), Until: v.r.PostFormValue("until"), Happened: v.r.PostFormValue("happened"), OfStaff: v.r.PostFormValue("staff"),
		Key: v.r.PostFormValue("key"), Recipient: v.r.FormValue("recipient"), System: v.r.PostFormValue("system"), Items: v.r.PostForm["item"],
	}
	p.Problem = problem
	people, err := c.colleagues(v.ctx())
	if err != nil {
		return err
	}
	for _, x := range people {
		p.People = append(p.People, choice{string(x.ID), x.Name.Reveal()})
	}
	keys, err := c.staff.Keys(v.ctx(), c.on.ID())
	if err != nil {
		return err
	}
	for _, k := range keys {
		p.Keys = append(p.Keys, choice{string(k.ID), k.Label})
	}
	for _, r := range c.on.Policy().Recipients() {
		p.Recipients = append(p.Recipients, choice{r.Name, page.Title(r.Title, r.Name, p.Lang)})
	}
	p.Systems = []choice{{vaultName, p.I.Vault}}
	for _, s := range c.on.Systems() {
		if s.Name() != vaultName {
			p.Systems = append(p.Systems, choice{s.Name(), s.Name()})
		}
	}
	for _, i := range c.on.Policy().Items() {
		p.AllItems = append(p.AllItems, choice{i.Name, page.Title(i.Title, i.Name, p.Lang)})
	}
	return c.show(v, status, "incident-new", p)
}

// Has reports whether an item was chosen.
func (p newIncidentPage) Has(item string) bool { return slices.Contains(p.Items, item) }

func (c *Console) takeIncident(v *visit) error {
	if err := v.r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	d, problem, err := c.readIncident(v)
	if err != nil {
		return err
	}
	if problem != "" {
		return c.showNewIncident(v, http.StatusUnprocessableEntity, problem)
	}
	i, err := c.on.DeclareIncident(v.ctx(), d, v.by.gate())
	switch fault.Of(err) {
	case "":
		return c.lead(v, "incidents/"+string(i.ID), "incident-declared")
	case fault.Invalid, fault.Conflict, fault.Denied:
		return c.showNewIncident(v, web.Status(err), c.problem(v, err))
	}
	return err
}

// readIncident reads what was declared. problem says in the reader's words what cannot
// be read.
func (c *Console) readIncident(v *visit) (d incident.Declaration, problem string, err error) {
	k, field := incidentWordsIn(c.lang(v)), func(name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }
	d = incident.Declaration{
		Kind: incident.Kind(field("kind")), Level: incident.Level(field("level")), Happened: field("happened"), Language: field("language"),
		Touched: incident.Touched{Staff: field("staff"), Key: field("key"), Recipient: field("recipient"), System: field("system"), Items: v.r.PostForm["item"]},
	}
	for name, into := range map[string]*time.Time{"discovered": &d.Discovered, "from": &d.Touched.From, "until": &d.Touched.Until} {
		if *into, err = c.localTime(field(name)); err != nil {
			return d, k.NeedTime, nil
		}
	}
	if who := field("identifier"); who != "" {
		found, err := c.on.Find(v.ctx(), field("finder"), platform.NewPersonal(who))
		if fault.Of(err) == fault.Invalid || err == nil && len(found) != 1 {
			return d, k.NotOne, nil
		}
		if err != nil {
			return d, "", err
		}
		d.Touched.Subject = string(found[0])
	}
	return d, "", nil
}

// localTime reads a time of the platform's place, as a form writes it; "" is none.
func (c *Console) localTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", strings.Replace(s, " ", "T", 1)[:min(len(s), 16)], c.on.Policy().Calendar().Zone())
	return at.UTC(), err
}

// lastOf reads a day of a form as its end; "" is the zero time.
func (c *Console) lastOf(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, day, c.on.Policy().Calendar().Zone())
	return at.AddDate(0, 0, 1), err
}

// titleOf names a recipient.
func (v view) titleOf(r *policy.Recipient) string { return page.Title(r.Title, r.Name, v.Lang) }
