package staff

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/internal/seal"
)

// A bed is a directory with a clock that the test moves.
type bed struct {
	*Directory
	clock  *dbtest.Clock
	config Config
}

const goodPassword = "four horses read quietly"

func each(t *testing.T, fn func(*testing.T, *bed)) {
	t.Helper()
	dbtest.EachConfig(t, db.Server, func(t *testing.T, c db.Config) {
		b := &bed{clock: dbtest.NewClock()}
		c.Clock = b.clock.Now
		d, err := db.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		b.config = Config{DB: d, SecretFile: filepath.Join(t.TempDir(), "secret"), Cost: Cost{64, 1, 1}}
		b.Directory = open(t, b.config)
		fn(t, b)
	})
}

func open(t *testing.T, c Config) *Directory {
	t.Helper()
	d, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func p(s string) seal.Personal { return seal.NewPersonal(s) }

// add adds a person and returns the id and what the person took home.
func (b *bed) add(t *testing.T, login string, roles ...Role) (ID, Enrolment) {
	t.Helper()
	who, e, err := b.Add(t.Context(), New{Login: p(login), Name: p("Ms " + login), Password: p(goodPassword), Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	return who, e
}

// code returns what the authenticator shows at the time of the bed's clock.
func (b *bed) code(t *testing.T, e Enrolment) string {
	t.Helper()
	return codeAt(t, e, b.clock.Now())
}

func codeAt(t *testing.T, e Enrolment, at time.Time) string {
	t.Helper()
	u, err := url.Parse(e.URL.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	c, err := totp.GenerateCode(u.Query().Get("secret"), at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func get(t *testing.T, d *Directory, who ID) Person {
	t.Helper()
	person, err := d.Get(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	return person
}

func TestAPersonIsKeptAsAdded(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		who, e := b.add(t, "  Ann@Example.COM ", Role{"goscom-pro", "support"}, Role{"apsgo", Admin}, Role{"goscom-pro", "support"})
		got := get(t, b.Directory, who)
		if got.Login.Reveal() != "ann@example.com" || got.Name.Reveal() != "Ms   Ann@Example.COM" || got.Codes != 10 || len(e.Recovery) != 10 {
			t.Errorf("%q %q, %d codes", got.Login.Reveal(), got.Name.Reveal(), got.Codes)
		}
		want := []Role{{"apsgo", Admin}, {"goscom-pro", "support"}}
		if diff := cmp.Diff(want, got.Roles); diff != "" {
			t.Error(diff)
		}
		if !got.Has("apsgo", Admin) || got.Has("goscom-pro", Admin) || got.Has("apsgo", "support") {
			t.Error("a role of one platform counts on another")
		}
		found, ok, err := b.Lookup(t.Context(), p("ANN@example.com"))
		if err != nil || !ok || found.ID != who {
			t.Errorf("lookup: %v %v %v", found.ID, ok, err)
		}
		if _, ok, err := b.Lookup(t.Context(), p("bob")); ok || err != nil {
			t.Errorf("lookup of nobody: %v %v", ok, err)
		}
		if _, err := b.Get(t.Context(), "stf_x"); fault.Of(err) != fault.NotFound {
			t.Errorf("err = %v, want not found", err)
		}
		if text := fmt.Sprintf("%v %+v", got, e); strings.Contains(text, "ann") || strings.Contains(text, "otpauth") {
			t.Errorf("prints %s", text)
		}
	})
}

func TestALoginIsGivenOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		b.add(t, "ann")
		_, _, err := b.Add(t.Context(), New{Login: p("ANN"), Name: p("Other"), Password: p(goodPassword)})
		if fault.Of(err) != fault.Conflict {
			t.Errorf("err = %v, want conflict", err)
		}
		if all, err := b.List(t.Context(), "", 10); err != nil || len(all) != 1 {
			t.Errorf("%d persons, %v", len(all), err)
		}
	})
}

func TestWhatCannotBeAPersonIsRefused(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		for name, change := range map[string]func(*New){
			"no login":            func(n *New) { n.Login = p(" ") },
			"login of two words":  func(n *New) { n.Login = p("a b") },
			"no name":             func(n *New) { n.Name = p("") },
			"name of two lines":   func(n *New) { n.Name = p("a\nb") },
			"short password":      func(n *New) { n.Password = p("elevenchars") },
			"same character":      func(n *New) { n.Password = p("aaaabbbbaaaabbbb") },
			"login in password":   func(n *New) { n.Password = p("it is Bobby here") },
			"huge password":       func(n *New) { n.Password = p(strings.Repeat("abcdefgh", 200)) },
			"role everywhere":     func(n *New) { n.Roles = []Role{{Everywhere, "support"}} },
			"role in capitals":    func(n *New) { n.Roles = []Role{{"apsgo", "Support"}} },
			"role of no platform": func(n *New) { n.Roles = []Role{{"", "support"}} },
		} {
			n := New{Login: p("bobby"), Name: p("Bob"), Password: p(goodPassword)}
			change(&n)
			if _, _, err := b.Add(t.Context(), n); fault.Of(err) != fault.Invalid {
				t.Errorf("%s: err = %v, want invalid", name, err)
			} else if strings.Contains(strings.ToLower(err.Error()), "bobby") {
				t.Errorf("%s: the message repeats the login: %v", name, err)
			}
		}
	})
}

func TestPersonsAreListedPageByPage(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		want := map[ID]bool{}
		for i := range 5 {
			who, _ := b.add(t, fmt.Sprint("login", i), Role{"apsgo", "support"})
			want[who] = true
		}
		got := map[ID]bool{}
		for after := ID(""); ; {
			page, err := b.List(t.Context(), after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, person := range page {
				got[person.ID] = len(person.Roles) == 1
			}
			if len(page) < 2 {
				break
			}
			after = page[1].ID
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		ctx := t.Context()
		admin := Role{Everywhere, Admin}
		local, _ := b.add(t, "local", Role{"apsgo", Admin})
		if err := b.SetRoles(ctx, local, nil); err != nil {
			t.Errorf("without any admin of the server: %v", err)
		}
		first, _ := b.add(t, "first", admin)
		for name, do := range map[string]func() error{
			"disable": func() error { return b.Disable(ctx, first) },
			"demote":  func() error { return b.SetRoles(ctx, first, []Role{{"apsgo", Admin}}) },
			"remove":  func() error { return b.Remove(ctx, first) },
		} {
			if err := do(); fault.Of(err) != fault.Conflict {
				t.Errorf("%s: err = %v, want conflict", name, err)
			}
		}
		second, _ := b.add(t, "second", admin)
		if err := b.Disable(ctx, second); err != nil {
			t.Error(err)
		}
		if err := b.Remove(ctx, first); fault.Of(err) != fault.Conflict {
			t.Errorf("the other is disabled: err = %v, want conflict", err)
		}
		if err := b.Enable(ctx, second); err != nil {
			t.Error(err)
		}
		if err := b.Remove(ctx, first); err != nil {
			t.Error(err)
		}
		if got := get(t, b.Directory, second); !got.Has("any-platform", Admin) || got.Has("any-platform", "support") {
			t.Error("the admin of everywhere is not the admin of each")
		}
		if _, err := b.Get(ctx, first); fault.Of(err) != fault.NotFound {
			t.Errorf("err = %v, want not found", err)
		}
		for name, err := range map[string]error{"disable": b.Disable(ctx, "stf_x"), "roles": b.SetRoles(ctx, "stf_x", nil), "name": b.SetName(ctx, "stf_x", p("X"))} {
			if fault.Of(err) != fault.NotFound {
				t.Errorf("%s of nobody: err = %v, want not found", name, err)
			}
		}
	})
}

func TestTheStoreNeedsItsOwnSecretFile(t *testing.T) {
	each(t, func(t *testing.T, b *bed) {
		ctx := t.Context()
		_, e := b.add(t, "ann")
		b.Directory = open(t, b.config) // the same file opens again
		if a := b.verify1(t, "ann", goodPassword, b.code(t, e)); !a.OK {
			t.Errorf("%+v", a)
		}
		refused := func(what string, c Config) {
			t.Helper()
			if _, err := Open(ctx, c); fault.Of(err) != fault.Invalid {
				t.Errorf("%s: err = %v, want invalid", what, err)
			}
		}
		other := b.config
		other.SecretFile = filepath.Join(t.TempDir(), "other")
		refused("missing", other)
		if _, err := os.Stat(other.SecretFile); err == nil {
			t.Error("a secret file was made for a store that has one")
		}
		if err := makeSecret(other.SecretFile); err != nil {
			t.Fatal(err)
		}
		refused("another", other)
		other.NewSecret = true
		b.Directory = open(t, other)
		refused("the old one afterwards", b.config)
		b.clock.Add(time.Minute)
		if a := b.verify1(t, "ann", goodPassword, b.code(t, e)); a.OK || a.Why != NotEnrolled {
			t.Errorf("%+v", a)
		}
		e, err := b.Enrol(ctx, get(t, b.Directory, b.idOf(t, "ann")).ID)
		if err != nil {
			t.Fatal(err)
		}
		if a := b.verify1(t, "ann", goodPassword, b.code(t, e)); !a.OK {
			t.Errorf("%+v", a)
		}
		if err := os.Chmod(other.SecretFile, 0o640); err != nil {
			t.Fatal(err)
		}
		refused("readable by others", other)
		if err := os.WriteFile(other.SecretFile, []byte("short"), 0o600); err != nil || os.Chmod(other.SecretFile, 0o600) != nil {
			t.Fatal(err)
		}
		refused("damaged", other)
	})
}

func (b *bed) idOf(t *testing.T, login string) ID {
	t.Helper()
	person, ok, err := b.Lookup(t.Context(), p(login))
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return person.ID
}

func TestNoSecretIsInTheStore(t *testing.T) {
	d := dbtest.Config(t, db.SQLite, db.Server)
	store, err := db.Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	b := &bed{clock: dbtest.NewClock()}
	b.Directory = open(t, Config{DB: store, SecretFile: filepath.Join(t.TempDir(), "s"), Cost: Cost{64, 1, 1}})
	_, e := b.add(t, "ann")
	_, token, err := b.CreateKey(t.Context(), NewKey{Platform: "apsgo", Label: "shop", Scopes: []string{"subjects:read"}})
	if err != nil {
		t.Fatal(err)
	}
	store.Close()
	u, err := url.Parse(e.URL.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{goodPassword, u.Query().Get("secret"), token.Reveal()[32:], e.Recovery[0].Reveal(), onlyCode(e.Recovery[0].Reveal())}
	files, err := filepath.Glob(d.File + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range secrets {
			if bytes.Contains(content, []byte(s)) {
				t.Errorf("%s holds secret %d in clear", filepath.Base(f), i)
			}
		}
	}
}
