package rest_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// chance is what differs between two answers to the same request.
var chance = regexp.MustCompile(`sub_[a-z0-9]{26}|"instance":"[A-Z0-9]{16}"|"entry":[0-9]+|"since":"[^"]+"`)

// An answer by the quick way is that of huma, to the byte: status, headers, body.
// Whoever says which kinds of answer they take is answered by huma.
func TestAQuickAnswerIsTheOneOfHuma(t *testing.T) {
	b := newBed(t)
	id, gone := b.register("quick@example.org"), "sub_00000000000000000000000000"
	for i, x := range []struct{ path, body string }{
		{"/uses", `{"subject":"` + id + `","items":["account.email"],"purpose":"account"}`},
		{"/uses", `{"subject":"` + id + `","items":["account.email"],"purpose":"push"}`},
		{"/uses", `{"subject":"` + id + `","items":["account.email"],"purpose":"nothing"}`},
		{"/uses", `{"subject":"` + gone + `","items":["account.email"],"purpose":"account"}`},
		{"/uses", `{"subject":"","items":["account.email"],"purpose":"account"}`},
		{"/uses", `{"items":[],"purpose":"account"}`},
		{"/uses", `{"items":["a"],"purpose":"account","other":true}`},
		{"/uses", `{"items":["a"]`},
		{"/uses", ``},
		{"/subjects", `{"adult":true,"accepted":true,"point":"registration","given":[{"item":"account.email","value":"q%d@example.org"}]}`},
		{"/subjects", `{"adult":true,"minor":true}`},
		{"/subjects", `{"adult":true,"point":"registration","given":[{"item":"account.email","value":"no address"}]}`},
		{"/subjects", `{"kind":"cat"}`},
		{"/subjects/" + id + "/consents", `{"kind":"consent","purpose":"push","given":true,"channel":"settings"}`},
		{"/subjects/" + id + "/consents", `{"kind":"consent","purpose":"<nothing>","given":true}`},
		{"/subjects/" + gone + "/consents", `{"kind":"consent","purpose":"push","given":true}`},
		{"/subjects/nobody/consents", `{"kind":"consent","purpose":"push","given":true}`},
	} {
		send := func(way int, header ...string) answer {
			body := x.body
			if strings.Contains(body, "%d") {
				body = fmt.Sprintf(body, 2*i+way)
			}
			return b.do(http.MethodPost, x.path, body, header...)
		}
		quick, slow := send(0), send(1, "Accept", "application/json, text/plain;q=0.1")
		if quick.status != slow.status || chance.ReplaceAllString(string(quick.body), "") != chance.ReplaceAllString(string(slow.body), "") {
			t.Errorf("%s %s:\n%d %s by the quick way,\n%d %s by huma's", x.path, x.body, quick.status, quick.body, slow.status, slow.body)
		}
		for _, name := range []string{"Date", "Request-Id", "Content-Length"} {
			quick.header.Del(name)
			slow.header.Del(name)
		}
		if fmt.Sprint(quick.header) != fmt.Sprint(slow.header) {
			t.Errorf("%s %s:\n%v by the quick way,\n%v by huma's", x.path, x.body, quick.header, slow.header)
		}
	}
}
