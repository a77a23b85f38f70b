package console

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/web"
)

// tries is how often one address may try to sign in. A login has a lock of its
// own, in package staff.
func tries() web.Rate { return web.Rate{Each: 6 * time.Second, Burst: 10} }

// maxTyped bounds what is hashed.
const maxTyped = 1000

type signInPage struct {
	view
	Login, Error string
}

func (c *Console) askSignIn(v *visit) error {
	if v.by != nil {
		return c.lead(v, "", "")
	}
	return c.showSignIn(v, http.StatusOK, "", "")
}

func (c *Console) showSignIn(v *visit, status int, login, problem string) error {
	return c.show(v, status, "signin", signInPage{c.view(v, func(t *words) string { return t.SignIn }), login, problem})
}

// takeSignIn lets somebody in, or answers what it always answers.
func (c *Console) takeSignIn(v *visit) error {
	if !c.frame.Limit("staff "+c.on.ID()+" "+c.frame.Client(v.r), tries()) {
		c.frame.TooFast(v.w, v.r)
		return nil
	}
	login, password, code := v.r.PostFormValue("login"), v.r.PostFormValue("password"), v.r.PostFormValue("code")
	wrong := func() error {
		v.by = nil
		return c.showSignIn(v, http.StatusUnprocessableEntity, "", c.words(v).WrongSignIn)
	}
	if len(login)+len(password)+len(code) > maxTyped {
		return wrong()
	}
	a, err := c.staff.Verify(v.ctx(), platform.NewPersonal(login), platform.NewPersonal(password), platform.NewPersonal(code))
	if err != nil {
		return err
	}
	why, by := string(a.Why), (*person)(nil)
	if a.OK {
		if by = c.standing(a.Person); by == nil {
			why = "no-role"
		}
	}
	if by == nil {
		c.log.LogAttrs(v.ctx(), slog.LevelWarn, "a sign-in of staff failed", slog.String("platform", c.on.ID()), slog.String("staff", string(a.ID)), slog.String("why", why))
		if n := c.failed.add(c.on.Now()); n > 0 {
			if err := c.on.SignInsFailed(v.ctx(), n); err != nil {
				return err
			}
		}
		return wrong()
	}
	if n := c.failed.rest(); n > 0 {
		if err := c.on.SignInsFailed(v.ctx(), n); err != nil {
			return err
		}
	}
	if err := c.on.Acted(v.ctx(), audit.SignedIn, "sign-in", by.self()); err != nil {
		return err
	}
	if err := c.frame.SignIn(v.w, v.r, web.Staff, c.on.ID(), string(by.id), life); err != nil {
		return err
	}
	return c.lead(v, "", "")
}

func (c *Console) signOut(v *visit) error {
	if err := c.frame.SignOut(v.w, v.r, web.Staff, c.on.ID()); err != nil {
		return err
	}
	return c.lead(v, "sign-in", "signed-out")
}
