package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/web/webtest"
)

func TestTheBoardLeadsFromASentenceToTheEntryThatShowsIt(t *testing.T) {
	s := open(t)
	s.register(s.customers[1])
	officer := s.colleague("Ott", role("privacy-officer"))
	base := "/console/" + one + "/"
	officer.Get(base+"promises").Is(http.StatusOK).Says("C-013", "kept", "unproven")
	// The log gives the entries their place within the second; the board does it at once.
	p := officer.Get(base+"promises/C-013").Is(http.StatusOK).Says("collect.declared", "See the entry and its proof")
	entry := ""
	for _, a := range p.All("a") {
		if href := webtest.Attr(a, "href"); strings.HasPrefix(href, base+"log/") {
			entry = href
		}
	}
	if entry == "" {
		t.Fatal("C-013 leads to no entry of the log")
	}
	officer.Get(entry).Is(http.StatusOK).Says("proof")
	officer.Get(base + "promises?state=kept&section=collection").Is(http.StatusOK).Says("C-013").Lacks("C-080")
	officer.Get(base + "promises?control=request.reply").Is(http.StatusOK).Says("C-080").Lacks("C-013")
	officer.Get(base + "promises/C-999").Is(http.StatusNotFound)
	s.colleague("Mei", role("support")).Get(base + "promises").Is(http.StatusForbidden)
}

func TestADutyIsSignedOnItsPageAndOverdueAfterItsPeriod(t *testing.T) {
	s := open(t)
	officer := s.colleague("Ott", role("privacy-officer"))
	duties := "/console/" + one + "/duties"
	officer.Get(duties).Is(http.StatusOK).Says("staff-training", "not due yet")
	officer.Post(duties, "duty", "staff-training").Is(http.StatusUnprocessableEntity).Says("Say what was done")
	officer.Post(duties, "duty", "staff-training", "note", "x", "hash", "abc").Is(http.StatusUnprocessableEntity).Says("64 hexadecimal")
	officer.Post(duties, "duty", "dancing", "note", "x").Is(http.StatusNotFound)
	officer.Post(duties, "duty", "staff-training", "note", "everybody attended").Is(http.StatusOK).Says("Signed.", "attested", "Ott")
	s.clock.Add(400 * 24 * time.Hour)
	officer = s.colleague("Ann", role("privacy-officer"))
	officer.Get(duties).Is(http.StatusOK).Says("overdue")
}

func TestTheBoardReadsInBothLanguages(t *testing.T) {
	s := open(t)
	officer := s.colleague("Ott", role("privacy-officer"))
	for _, path := range []string{"promises", "promises/C-013", "duties"} {
		q := url.Values{}
		for lang, word := range map[string]string{"en": "Promises", "zh-CN": "承诺"} {
			q.Set("lang", lang)
			officer.Get("/console/" + one + "/" + path + "?" + q.Encode()).Is(http.StatusOK).Says(word).Check(lang)
		}
	}
}
