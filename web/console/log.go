package console

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/staff"
)

// entriesShown is how many entries a page of the log has.
const entriesShown = 50

// A verifyPage shows how far a verification of the log is, or what came of the last.
type verifyPage struct {
	view
	Verify state[platform.Verification]
	Renews bool // the page renews itself while a verification runs
}

// A logPage is a page of the log, newest first.
type logPage struct {
	verifyPage
	List  []deed
	Kinds []choice
	Kind  string
	After string // cursor of the next page; "": this is the last
	Size  int64  // of the newest checkpoint
	Key   string
}

func (c *Console) entries(v *visit) error {
	q := v.r.URL.Query()
	p := logPage{
		verifyPage: verifyPage{view: c.view(v, func(t *words) string { return t.Log }), Verify: c.verify.state()},
		Kind:       q.Get("kind"), Key: c.on.Log().Key(),
	}
	f := audit.Filter{Newest: true, After: q.Get("after"), Limit: entriesShown}
	if k, ok := audit.ParseKind(p.Kind); ok {
		f.Kind = k
	} else {
		p.Kind = ""
	}
	list, err := c.on.ReadLog(v.ctx(), f, v.by.self())
	if err != nil {
		return err
	}
	for _, e := range list {
		p.List = append(p.List, p.deed(e))
	}
	if len(list) == entriesShown {
		p.After = list[len(list)-1].Cursor(false)
	}
	for _, k := range audit.Kinds() {
		p.Kinds = append(p.Kinds, choice{k.String(), p.T.Deed(k.String())})
	}
	slices.SortStableFunc(p.Kinds, func(a, b choice) int { return cmp.Compare(a.Title, b.Title) })
	if point, err := c.on.Log().Checkpoint(v.ctx()); err == nil {
		p.Size = point.Size
	} else if fault.Of(err) != fault.NotFound {
		return err
	}
	return c.show(v, http.StatusOK, "log", p)
}

// deed says an entry in words: what its public part says.
func (v view) deed(e audit.Record) deed {
	d := deed{Record: e, What: v.T.name(v.T.deeds, e.Kind.String())}
	if e.Kind == audit.StaffAction && e.Public.Text(audit.TagAction) == "log" {
		d.What = v.T.LogRead
	}
	if no := policy.PurposeNo(e.Public.Num(audit.TagPurpose)); no != 0 {
		d.Why = v.purpose(no)
	} else if right := e.Public.Text(audit.TagRight); right != "" {
		d.Why = v.T.name(v.T.rights, right)
	}
	switch role := e.Public.Text(audit.TagRole); role {
	case "":
	case "self":
		d.Who = v.T.ActorName("person")
	case staff.Admin:
		d.Who = v.T.Admin
	default:
		d.Who = role
		if r, err := v.p.Role(role); err == nil {
			d.Who = page.Title(r.Title, r.Name, v.Lang)
		}
	}
	return d
}

// An entryPage is one entry with its proof.
type entryPage struct {
	view
	deed
	Fields     []choice
	Proof      *audit.Proof
	Wait       string // why there is no proof yet
	Checkpoint string
	Checked    bool // the proof was verified with the log's public key
	Key        string
}

func (c *Console) entryID(v *visit) (audit.ID, error) {
	id, err := strconv.ParseInt(v.r.PathValue("entry"), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "there is no such entry")
	}
	return id, nil
}

func (c *Console) entry(v *visit) error {
	id, err := c.entryID(v)
	if err != nil {
		return err
	}
	e, err := c.on.Entry(v.ctx(), id)
	if err != nil {
		return err
	}
	p := entryPage{view: c.view(v, func(t *words) string { return t.Entry }), Key: c.on.Log().Key()}
	p.deed = p.view.deed(e)
	for _, f := range e.Public {
		p.Fields = append(p.Fields, p.field(f))
	}
	proof, err := c.on.Log().Proof(v.ctx(), id)
	switch fault.Of(err) {
	case "":
		_, err = audit.VerifyProof(proof, p.Key)
		p.Proof, p.Checkpoint, p.Checked = &proof, string(proof.Checkpoint), err == nil
	case fault.Busy:
		p.Wait = fault.Message(err)
	default:
		return err
	}
	return c.show(v, http.StatusOK, "entry", p)
}

// field says a field of the public part: names for what the policy names.
func (v view) field(f audit.Field) choice {
	x := choice{f.Tag.String(), f.String()}
	if _, value, ok := strings.Cut(x.Title, "="); ok {
		x.Title = value
	}
	switch f.Tag {
	case audit.TagPurpose:
		x.Title = v.purpose(policy.PurposeNo(f.Num()))
	case audit.TagRecipient:
		x.Title = v.recipient(policy.RecipientNo(f.Num()))
	case audit.TagItem:
		x.Title = v.item(policy.ItemNo(f.Num()))
	case audit.TagItems:
		var names []string
		for _, n := range f.Nums() {
			names = append(names, v.item(policy.ItemNo(n)))
		}
		x.Title = v.Names(names)
	}
	return x
}

func (c *Console) proof(v *visit) error {
	id, err := c.entryID(v)
	if err != nil {
		return err
	}
	proof, err := c.on.Log().Proof(v.ctx(), id)
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(proof, "", "  ")
	if err != nil {
		return err
	}
	v.attach("application/json", "entry-"+strconv.FormatInt(id, 10)+".json")
	v.w.Write(append(b, '\n')) // a reader who has gone cannot be answered
	return nil
}

func (c *Console) checkpoint(v *visit) error {
	point, err := c.on.Log().Checkpoint(v.ctx())
	if err != nil {
		return err
	}
	v.attach("text/plain; charset=utf-8", "checkpoint.txt")
	v.w.Write(point.Note) // a reader who has gone cannot be answered
	return nil
}

// verifyLog begins to recompute the whole log.
func (c *Console) verifyLog(v *visit) error {
	c.verify.begin(v.ctx(), c.on.Now, func(w work) (platform.Verification, error) {
		return c.on.VerifyLog(w.ctx, audit.Verify{Progress: func(done, total int64) { w.progress(done, total) }}, true)
	})
	return c.lead(v, "log/verify", "")
}

// verification shows how far it is. It renews itself, and so lists no entries: each
// page of them that is shown leaves one.
func (c *Console) verification(v *visit) error {
	p := verifyPage{view: c.view(v, func(t *words) string { return t.VerifyLog }), Verify: c.verify.state(), Renews: true}
	if p.Verify.Running {
		v.w.Header().Set("Refresh", "2")
	}
	return c.show(v, http.StatusOK, "verify", p)
}
