package platform_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db/dbtest"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

const address = "lin.wei@example.cn"

// centreBed is a platform as people meet it.
type centreBed struct {
	*testing.T
	*avow.Platform
	clock *dbtest.Clock
}

func openCentre(t *testing.T) *centreBed {
	t.Helper()
	b := &centreBed{T: t, clock: dbtest.NewClock()}
	dir := t.TempDir()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	b.must(err)
	b.must(os.WriteFile(filepath.Join(dir, "policy.yaml"), src, 0o600))
	b.must(os.WriteFile(filepath.Join(dir, "avow.yaml"), []byte("platforms: [{id: goscom-pro, policy: policy.yaml}]\n"), 0o600))
	c, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	b.must(err)
	s, err := avow.Open(context.Background(), c, avow.Options{Clock: b.clock.Now})
	b.must(err)
	t.Cleanup(func() { b.must(s.Close()) })
	b.Platform, err = s.Platform("")
	b.must(err)
	return b
}

func (b *centreBed) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *centreBed) register(email, nickname string, verified bool) subject.ID {
	b.Helper()
	id, refusals, err := b.Register(b.Context(), avow.Registration{
		Accepted: true, Adult: true, Verified: verified, Point: "registration",
		Given: []policy.Given{{Item: "account.email", Value: email, Voluntary: true}, {Item: "account.nickname", Value: nickname, Voluntary: true}},
	})
	b.must(err)
	if len(refusals) > 0 {
		b.Fatal(refusals[0].Text)
	}
	return id
}

func (b *centreBed) signIn(email string) (subject.ID, bool, error) {
	b.Helper()
	begun, err := b.BeginSignIn(b.Context(), "email", avow.NewPersonal(email))
	b.must(err)
	return b.FinishSignIn(b.Context(), begun.Handle, begun.Code.Reveal())
}

func TestAnAddressSignsInItsOwner(t *testing.T) {
	b := openCentre(t)
	id := b.register(address, "Lin", true)
	for _, written := range []string{address, " Lin.Wei@EXAMPLE.cn "} {
		if who, ok, err := b.signIn(written); err != nil || !ok || who != id {
			t.Errorf("%q signed in %q, %v, %v", written, who, ok, err)
		}
	}
	if who, ok, err := b.signIn("nobody@example.cn"); err != nil || !ok || who != "" {
		t.Errorf("an unknown address signed in %q, %v, %v", who, ok, err)
	}
	if _, err := b.BeginSignIn(t.Context(), "email", avow.NewPersonal("no address")); fault.Of(err) != fault.Invalid {
		t.Errorf("what is no address gave %v", err)
	}
}

func TestWhoOnlyClaimsAnAddressDoesNotGetItsOwnersData(t *testing.T) {
	b := openCentre(t)
	b.register(address, "claims it", false)
	owner := b.register(address, "owner", true)
	if who, ok, err := b.signIn(address); err != nil || !ok || who != owner {
		t.Errorf("the address signed in %q, %v, %v", who, ok, err)
	}
	b.register(mine("both"), "one", false)
	b.register(mine("both"), "two", false)
	if who, ok, err := b.signIn(mine("both")); fault.Of(err) != fault.Conflict || ok || who != "" {
		t.Errorf("an address of two people signed in %q, %v, %v", who, ok, err)
	}
}

func mine(name string) string { return name + "@example.cn" }

func TestAnErasedPersonsAddressSignsInNobody(t *testing.T) {
	b := openCentre(t)
	id := b.register(address, "Lin", true)
	_, err := b.Erase(t.Context(), id, avow.Erasure{Everything: true, By: platform.Self(id)})
	b.must(err)
	if who, ok, err := b.signIn(address); err != nil || !ok || who != "" {
		t.Errorf("signed in %q, %v, %v", who, ok, err)
	}
}

func TestARequestBelongsToOnePerson(t *testing.T) {
	b := openCentre(t)
	lin, mei := b.register(address, "Lin", true), b.register(mine("mei"), "Mei", true)
	ask := platform.Asking{Right: policy.Access, Method: "identifier-code", Language: "en"}
	id, err := b.Ask(t.Context(), lin, ask)
	b.must(err)
	if again, err := b.Ask(t.Context(), lin, ask); err != nil || again != id {
		t.Errorf("asking again gave %s, %v", again, err)
	}
	if v, err := b.OwnRequest(t.Context(), lin, id); err != nil || v.State != rights.Verified || v.AskedBy != "person" {
		t.Errorf("%+v, %v", v, err)
	}
	for _, other := range []subject.ID{mei, ""} {
		if _, err := b.OwnRequest(t.Context(), other, id); fault.Of(err) != fault.NotFound {
			t.Errorf("somebody else's request gave %v", err)
		}
		if err := b.TakeBack(t.Context(), other, id); fault.Of(err) != fault.NotFound {
			t.Errorf("taking back somebody else's gave %v", err)
		}
		if err := b.Fetch(t.Context(), other, id, &bytes.Buffer{}); fault.Of(err) != fault.NotFound {
			t.Errorf("fetching somebody else's gave %v", err)
		}
		if _, err := b.OwnReceipt(t.Context(), other, id); fault.Of(err) != fault.NotFound {
			t.Errorf("somebody else's receipt gave %v", err)
		}
	}
	b.must(b.TakeBack(t.Context(), lin, id))
	if v, _ := b.OwnRequest(t.Context(), lin, id); v.State != rights.Withdrawn {
		t.Errorf("it is %s", v.State)
	}
	if next, err := b.Ask(t.Context(), lin, ask); err != nil || next == id {
		t.Errorf("after taking it back, asking gave %s, %v", next, err)
	}
}
