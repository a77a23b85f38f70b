package site_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/avow-dev/avow/site"
)

func TestAScriptsNamesAndAddressesThatAreTooLongArePassedOver(t *testing.T) {
	at := &url.URL{Scheme: "https", Host: "shop.example"}
	for n, want := range map[int]int{100: 1, 101: 0} {
		name := strings.Repeat("n", n)
		for _, text := range []string{
			`localStorage.setItem("` + name + `", 1)`, `sessionStorage["` + name + `"] = 1`, `localStorage.` + name + ` = 1`, `document.cookie = "` + name + `=1"`,
		} {
			if got := site.ScanScript(at, text).Stored; len(got) != want {
				t.Errorf("%d letters: %s gives %v", n, text, got)
			}
		}
	}
	const start = "https://a.example/"
	for n, want := range map[int]int{500: 1, 501: 0} {
		address := start + strings.Repeat("p", n-len(start))
		for _, text := range []string{`navigator.sendBeacon("` + address + `")`, `new Image().src = "` + address + `"`} {
			if got := site.ScanScript(at, text).Loads; len(got) != want {
				t.Errorf("%d letters: %v", n, got)
			}
		}
	}
}
