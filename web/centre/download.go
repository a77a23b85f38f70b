package centre

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// A downloadPage offers files now, and the whole package.
type downloadPage struct {
	view
	Waiting []rights.Summary // packages that can be fetched, or are being made
	Systems int              // asked for the package
}

func (c *Centre) download(v *visit) error {
	p := downloadPage{view: c.view(v, func(t *words) string { return t.Download }), Systems: len(c.on.Systems())}
	list, err := c.on.Requests().List(v.ctx(), rights.Filter{Subject: v.sub})
	if err != nil {
		return err
	}
	for _, q := range list {
		if fetched(q.Right) && (!q.State.Last() || q.State == rights.Delivered) {
			p.Waiting = append(p.Waiting, q)
		}
	}
	slices.Reverse(p.Waiting)
	return c.show(v, http.StatusOK, "download", p)
}

// askPackage asks for a copy from every system: a request with a clock.
func (c *Centre) askPackage(v *visit) error {
	return c.ask(v, platform.Asking{Right: policy.Access})
}

// A copied is a person's data for machines: structured, common, readable (GDPR
// Art. 20, PIPL Art. 45).
type copied struct {
	Format     int         `json:"avow_copy"` // 1
	Platform   string      `json:"platform"`
	Controller string      `json:"controller"`
	Subject    string      `json:"subject"`
	Policy     string      `json:"policy_version"`
	Made       time.Time   `json:"made"`
	Values     []datum     `json:"values"`
	Choices    []answer    `json:"choices"`
	Given      []disclosed `json:"disclosures"`
}

type datum struct {
	Item     string     `json:"item"`
	Title    string     `json:"title"`
	Category string     `json:"category"`
	Type     string     `json:"type"`
	Value    string     `json:"value,omitempty"`
	Set      bool       `json:"set,omitempty"` // a secret: it is there and is not shown
	Since    time.Time  `json:"since"`
	Until    *time.Time `json:"until,omitempty"`
}

type answer struct {
	At    time.Time    `json:"at"`
	Kind  consent.Kind `json:"kind"`
	About string       `json:"about"`
	Given bool         `json:"given"`
}

type disclosed struct {
	At        time.Time `json:"at"`
	Recipient string    `json:"recipient"`
	Purpose   string    `json:"purpose"`
	Items     []string  `json:"items"`
}

// copy reads everything the vault holds about the person; the use stands in the
// log.
func (c *Centre) copy(v *visit) (*copied, error) {
	p := c.view(v, func(*words) string { return "" })
	profile, values, err := c.read(v)
	if err != nil {
		return nil, err
	}
	out := &copied{
		Format: 1, Platform: c.on.ID(), Controller: c.on.Policy().Controller().Name.In(p.Lang), Subject: string(v.sub),
		Policy: c.on.Policy().Version(), Made: p.now, Values: []datum{}, Choices: []answer{}, Given: []disclosed{},
	}
	due := map[key]time.Time{}
	for _, h := range profile.Holdings {
		for _, i := range h.Items {
			due[key{i, h.At}] = h.Due
		}
	}
	for _, x := range values {
		i := c.on.Policy().ItemBy(x.Item)
		if i == nil {
			continue
		}
		d := datum{Item: i.Name, Title: page.Title(i.Title, i.Name, p.Lang), Category: i.Category, Type: i.Type, Value: x.Text.Reveal(), Since: x.At}
		if i.Type == "secret" {
			d.Value, d.Set = "", true
		}
		if until := due[key{x.Item, x.At}]; !until.IsZero() {
			d.Until = &until
		}
		out.Values = append(out.Values, d)
	}
	for _, r := range profile.Choices {
		about := p.p.Numbers().Purpose(r.Purpose)
		if r.Purpose == 0 {
			about = p.p.Numbers().Recipient(r.Recipient)
		}
		out.Choices = append(out.Choices, answer{r.At, r.Kind, about, r.Given})
	}
	for _, d := range profile.Disclosures {
		x := disclosed{At: d.At, Recipient: p.p.Numbers().Recipient(d.Recipient), Purpose: p.p.Numbers().Purpose(d.Purpose)}
		for _, i := range d.Items {
			x.Items = append(x.Items, p.p.Numbers().Item(i))
		}
		out.Given = append(out.Given, x)
	}
	return out, nil
}

// attach prepares the answer for a file that the person keeps.
func (c *Centre) attach(v *visit, kind, name string) {
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+c.on.ID()+"-"+name+`"`)
	h.Set("Cache-Control", "no-store")
}

func (c *Centre) dataJSON(v *visit) error {
	data, err := c.copy(v)
	if err != nil {
		return err
	}
	c.attach(v, "application/json", "data.json")
	e := json.NewEncoder(v.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	e.Encode(data) // a reader who has gone cannot be answered
	return nil
}

func (c *Centre) dataCSV(v *visit) error {
	data, err := c.copy(v)
	if err != nil {
		return err
	}
	c.attach(v, "text/csv; charset=utf-8", "data.csv")
	v.w.Write([]byte("\ufeff")) // spreadsheets then read UTF-8
	w := csv.NewWriter(v.w)
	w.UseCRLF = true // RFC 4180
	w.Write([]string{"item", "title", "category", "type", "value", "since", "until"})
	for _, d := range data.Values {
		until := ""
		if d.Until != nil {
			until = d.Until.Format(time.RFC3339)
		}
		text := cell(d.Value)
		if d.Set {
			text = "(set)"
		}
		w.Write([]string{d.Item, d.Title, d.Category, d.Type, text, d.Since.Format(time.RFC3339), until})
	}
	w.Flush()
	return nil
}

// plainNumber is what a spreadsheet may take for a number or a telephone number,
// and never for a formula.
var plainNumber = regexp.MustCompile(`^[+-]?[0-9][0-9 ().,/:-]*$`)

// cell keeps a spreadsheet from taking a value for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) && !plainNumber.MatchString(s) {
		return "'" + s
	}
	return s
}
