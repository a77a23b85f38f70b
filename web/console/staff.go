package console

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/web"
)

// A staffPage is everybody who has a role on the platform.
type staffPage struct {
	view
	List []colleague
}

// A colleague is a member of staff in the list.
type colleague struct {
	ID                    staff.ID
	Login, Name, Roles    string
	Disabled, Locked, You bool
	Last                  time.Time
	Codes                 int
}

func (c *Console) people(v *visit) error { return c.showPeople(v, http.StatusOK, "") }

func (c *Console) showPeople(v *visit, status int, problem string) error {
	p := staffPage{view: c.view(v, func(t *words) string { return t.Staff })}
	p.Problem = problem
	for after := staff.ID(""); ; {
		list, err := c.staff.List(v.ctx(), after, 200)
		if err != nil {
			return err
		}
		for _, x := range list {
			after = x.ID
			if c.here(x) {
				p.List = append(p.List, p.colleague(x, v.by))
			}
		}
		if len(list) < 200 {
			break
		}
	}
	slices.SortFunc(p.List, func(a, b colleague) int { return strings.Compare(a.Name, b.Name) })
	return c.show(v, status, "staff", p)
}

// here reports whether somebody has a role on the platform.
func (c *Console) here(x staff.Person) bool {
	return x.Has(c.on.ID(), staff.Admin) || slices.ContainsFunc(x.Roles, func(r staff.Role) bool { return r.Platform == c.on.ID() })
}

func (v view) colleague(x staff.Person, by *person) colleague {
	out := colleague{
		ID: x.ID, Login: x.Login.Reveal(), Name: x.Name.Reveal(), Disabled: x.Disabled, Locked: x.LockedUntil.After(v.now),
		You: x.ID == by.id, Last: x.LastSignIn, Codes: x.Codes,
	}
	var names []string
	for _, r := range x.Roles {
		switch {
		case r.Name == staff.Admin && (r.Platform == v.Platform || r.Platform == staff.Everywhere):
			names = append(names, v.T.Admin)
		case r.Platform == v.Platform:
			name := r.Name
			if role, err := v.p.Role(r.Name); err == nil {
				name = page.Title(role.Title, role.Name, v.Lang)
			}
			names = append(names, name)
		}
	}
	out.Roles = strings.Join(names, ", ")
	return out
}

// changePerson disables, enables or unlocks somebody whose every role is on this
// platform: who works on others too is the server's.
func (c *Console) changePerson(v *visit) error {
	who, err := c.staff.Get(v.ctx(), staff.ID(v.r.PostFormValue("who")))
	if err == nil && !c.here(who) {
		err = fault.New(fault.NotFound, "there is no such member of staff on this platform")
	}
	if err != nil {
		return err
	}
	elsewhere := slices.ContainsFunc(who.Roles, func(r staff.Role) bool { return r.Platform != c.on.ID() })
	if elsewhere || who.ID == v.by.id {
		return c.showPeople(v, http.StatusForbidden, c.words(v).NotTheirs)
	}
	do := v.r.PostFormValue("do")
	switch do {
	case "disable":
		if err = c.staff.Disable(v.ctx(), who.ID); err == nil {
			err = c.frame.EndSessions(v.ctx(), web.Staff, c.on.ID(), string(who.ID))
		}
	case "enable":
		err = c.staff.Enable(v.ctx(), who.ID)
	case "unlock":
		err = c.staff.Unlock(v.ctx(), who.ID)
	default:
		err = fault.New(fault.Invalid, "a colleague can be disabled, enabled or unlocked")
	}
	if err == nil {
		err = c.on.Acted(v.ctx(), audit.StaffChanged, do, v.by.self())
	}
	if err != nil {
		return err
	}
	return c.lead(v, "staff", "staff-"+do)
}

// A keysPage is the API keys of the platform.
type keysPage struct {
	view
	List   []apiKey
	Scopes []string
}

type apiKey struct {
	staff.Key
	Good bool
}

func (c *Console) keys(v *visit) error { return c.showKeys(v, http.StatusOK, "") }

func (c *Console) showKeys(v *visit, status int, problem string) error {
	p := keysPage{view: c.view(v, func(t *words) string { return t.Keys }), Scopes: api.Scopes()}
	p.Problem = problem
	list, err := c.staff.Keys(v.ctx(), c.on.ID())
	if err != nil {
		return err
	}
	for _, k := range slices.Backward(list) {
		p.List = append(p.List, apiKey{k, k.Revoked.IsZero() && (k.Expires.IsZero() || k.Expires.After(p.now))})
	}
	return c.show(v, status, "keys", p)
}

// A tokenPage shows a new key, once.
type tokenPage struct {
	view
	Key   staff.Key
	Token string
}

func (c *Console) makeKey(v *visit) error {
	t := c.words(v)
	if err := v.r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "the form cannot be read")
	}
	n := staff.NewKey{Platform: c.on.ID(), Label: strings.TrimSpace(v.r.PostFormValue("label")), Scopes: v.r.PostForm["scope"], By: v.by.id}
	if day := v.r.PostFormValue("expires"); day != "" {
		end, err := time.ParseInLocation("2006-01-02", day, c.on.Policy().Calendar().Zone())
		if err != nil {
			return c.showKeys(v, http.StatusUnprocessableEntity, t.BadDay)
		}
		n.Expires = end.AddDate(0, 0, 1)
	}
	for _, s := range n.Scopes {
		if !slices.Contains(api.Scopes(), s) {
			return fault.New(fault.Invalid, "there is no such scope")
		}
	}
	if n.Label == "" || len(n.Scopes) == 0 {
		return c.showKeys(v, http.StatusUnprocessableEntity, t.NeedLabel)
	}
	if err := c.on.Acted(v.ctx(), audit.KeyCreated, "create", v.by.self()); err != nil {
		return err
	}
	key, token, err := c.staff.CreateKey(v.ctx(), n)
	if fault.Of(err) == fault.Invalid {
		return c.showKeys(v, http.StatusUnprocessableEntity, c.problem(v, err))
	}
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "token", tokenPage{c.view(v, func(t *words) string { return t.NewKey }), key, token.Reveal()})
}

func (c *Console) revokeKey(v *visit) error {
	list, err := c.staff.Keys(v.ctx(), c.on.ID())
	if err != nil {
		return err
	}
	id := staff.KeyID(v.r.PostFormValue("key"))
	if !slices.ContainsFunc(list, func(k staff.Key) bool { return k.ID == id }) {
		return fault.New(fault.NotFound, "there is no such key on this platform")
	}
	if err := c.staff.RevokeKey(v.ctx(), id); err != nil {
		return err
	}
	if err := c.on.Acted(v.ctx(), audit.KeyRevoked, "revoke", v.by.self()); err != nil {
		return err
	}
	return c.lead(v, "keys", "revoked")
}
