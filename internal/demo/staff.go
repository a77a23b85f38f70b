package demo

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/staff"
)

// hire adds a platform's staff, its API key and its agreements.
func (d *Demo) hire(ctx context.Context, s *avow.Server, st *stage) (onePlace, error) {
	id := st.script.platform
	place := onePlace{ID: id, Title: st.Policy().Title().In("en"), Staff: make([]Account, len(st.script.staff)), Try: st.script.try}
	for _, l := range st.people[:min(2, len(st.people))] {
		place.Persons = append(place.Persons, l.Email)
	}
	ids := make([]staff.ID, len(st.script.staff))
	g, gctx := errgroup.WithContext(ctx) // hashing a password takes a core for a while
	for i, m := range st.script.staff {
		g.Go(func() (err error) {
			place.Staff[i], ids[i], err = account(gctx, s.Staff(), id, m)
			return err
		})
	}
	for _, name := range st.script.agreements {
		g.Go(func() error {
			return st.Sign(gctx, name, "https://contracts.example/"+name, st.clock.now.Add(365*24*time.Hour))
		})
	}
	if err := g.Wait(); err != nil {
		return place, err
	}
	for i, m := range st.script.staff {
		st.staff[m.role] = platform.Actor{Role: m.role, ID: string(ids[i])}
		if m.officer {
			st.staff["privacy-officer"] = st.staff[m.role]
		}
	}
	if err := st.pledge(ctx); err != nil {
		return place, err
	}
	if err := st.vet(ctx, st.staff["privacy-officer"]); err != nil {
		return place, err
	}
	_, token, err := s.Staff().CreateKey(ctx, staff.NewKey{Platform: id, Label: "demo", Scopes: api.Scopes()})
	place.Token = token.Reveal()
	return place, err
}

// password returns a password that does not contain the login: of three letters, one of
// some thousand does.
func password(login string) string {
	for {
		if p := strings.ToLower(rand.Text()[:12]); !strings.Contains(p, login) {
			return p
		}
	}
}

// account adds one member of staff.
func account(ctx context.Context, all *staff.Directory, place string, m member) (Account, staff.ID, error) {
	a := Account{Login: m.login, Name: m.name, Role: m.role, Password: password(m.login)}
	id, e, err := all.Add(ctx, staff.New{
		Login: avow.NewPersonal(m.login), Name: avow.NewPersonal(m.name), Password: avow.NewPersonal(a.Password),
		Roles: []staff.Role{{Platform: place, Name: m.role}},
	})
	if err != nil {
		return a, "", err
	}
	u, err := url.Parse(e.URL.Reveal())
	if err != nil {
		return a, "", fault.New(fault.Internal, "an enrolment has no address")
	}
	a.Secret = u.Query().Get("secret")
	return a, id, nil
}
