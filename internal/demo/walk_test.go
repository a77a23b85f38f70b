package demo_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/avow-dev/avow/internal/browser"
)

// screens is where the walk leaves pictures; nowhere when it is empty.
var screens = flag.String("screens", "", "write pictures of the demo into this `directory`")

const quality = 18

// What a newcomer sees first, in a real browser: the front page, every policy that
// comes with avow, the console over ninety days, the board, the mailbox.
func TestTheDemoCanBeSeenByEverybody(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves the browser out")
	}
	dir, b := t.TempDir(), browser.Start(t)
	s := filled(t, dir, 40)
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	hired := accounts(t, dir)
	for n, lang := range []string{"en", "zh-CN"} {
		t.Run(lang, func(t *testing.T) {
			tab := b.Tab(t, web.URL, browser.View{Lang: lang})
			look := func(path, name string) {
				t.Helper()
				tab.Open(path).Is(http.StatusOK)
				for _, wrong := range tab.Audit() {
					t.Errorf("%s in %s: %s", path, lang, wrong)
				}
				tab.Pictures(*screens, "demo-"+name+"-"+lang, quality)
			}
			look("/", "front")
			look("/mailbox/", "mailbox")
			for i, p := range s.Platforms() {
				if *screens == "" && i%2 != n {
					continue // every other platform in each language, unless all are to be pictured
				}
				look("/"+p.ID()+"/", "policy-"+p.ID())
				look("/"+p.ID()+"/cookies", "cookies-"+p.ID())
				look("/store/"+p.ID()+"/", "store-"+p.ID())
				console := "/console/" + p.ID()
				if i > 1 {
					continue // the same pages over less
				}
				for _, a := range hired {
					if a.platform == p.ID() && a.Role == "privacy-officer" {
						tab.Open(console+"/").Send("/sign-in", "login", a.Login, "password", a.Password, "code", a.code(t)).Is(http.StatusOK)
					}
				}
				look(console+"/requests", "requests-"+p.ID())
				look(console+"/promises", "board-"+p.ID())
				look(console+"/log", "log-"+p.ID())
			}
		})
	}
}

// An account is a member of staff, as demo.json has them.
type account struct {
	platform                      string
	Login, Role, Password, Secret string
	used                          int // codes; each signs in once
}

// code is what the authenticator shows in one of the next half minutes, a new one
// with every call: the server allows for clocks that are not quite right.
func (a *account) code(t *testing.T) string {
	t.Helper()
	code, err := totp.GenerateCode(a.Secret, time.Now().Add(time.Duration(a.used)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	a.used++
	return code
}

func accounts(t *testing.T, dir string) (list []*account) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Platforms []struct {
			ID    string
			Staff []*account
		}
	}
	if err := json.Unmarshal(b, &state); err != nil {
		t.Fatal(err)
	}
	for _, p := range state.Platforms {
		for _, a := range p.Staff {
			a.platform = p.ID
			list = append(list, a)
		}
	}
	return list
}
