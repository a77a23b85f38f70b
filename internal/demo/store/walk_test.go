package store_test

import (
	"flag"
	"net/http"
	"testing"

	"github.com/avow-dev/avow/internal/browser"
)

// screens is where the walk leaves pictures; nowhere when it is empty.
var screens = flag.String("screens", "", "write pictures of the storefronts into this `directory`")

// quality of the pictures, as everywhere.
const quality = 18

// Two storefronts in a real browser: what is wrong with a page fails.
func TestTwoStorefrontsCanBeUsedByEverybody(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves the browser out")
	}
	s, b := open(t, "goscom-pro", "buygogo"), browser.Start(t)
	s.walk(b, "goscom-pro", "en")
	s.walk(b, "buygogo", "zh-CN")
	if *screens != "" {
		s.walk(b, "goscom-pro", "zh-CN")
		s.walk(b, "buygogo", "en")
	}
}

// walk goes through a storefront: home, account, an order, a refusal, uses.
func (s *site) walk(b *browser.Browser, id, lang string) {
	s.Helper()
	t := b.Tab(s.T, s.url, browser.View{Lang: lang})
	look := func(name string, status int64) {
		t.Is(status)
		for _, wrong := range t.Audit() {
			s.Errorf("%s of %s in %s: %s", name, id, lang, wrong)
		}
		t.Pictures(*screens, "store-"+id+"-"+name+"-"+lang, quality)
	}
	shop := "/store/" + id + "/"
	t.Open(shop)
	look("home", http.StatusOK)
	t.Open(shop + "at/join")
	look("join", http.StatusOK)
	t.Send("/at/join")
	look("join-wrong", http.StatusUnprocessableEntity)
	form := append(opensAccount(id, "ann."+lang+"@example.com")[2:], "age", "minor")
	for i := range form {
		if form[i] == "ann.example" {
			form[i] += lang
		}
	}
	t.Send("/at/join", form...)
	look("minor", http.StatusOK)
	form[len(form)-1] = "adult"
	t.Open(shop+"at/join").Send("/at/join", form...)
	look("joined", http.StatusOK)
	t.Open(shop + "at/order")
	look("order", http.StatusOK)
	t.Open(shop+"at/support").Send("/at/support", "i.support.message", "take it from 4111 1111 1111 1111")
	if t.Status() == http.StatusUnprocessableEntity { // this shop asks for more
		t.Send("/at/support", "i.support.message", "take it from 4111 1111 1111 1111", "i.complaint.contact", "x", "i.complaint.text", "y")
	}
	look("refused", http.StatusOK)
}
