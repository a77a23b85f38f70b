package main

import (
	"html"
	"net/http"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

// scenarioFollow follows the first link of the page that was last answered whose
// address a regular expression matches.
func scenarioFollow(ts *testscript.TestScript, neg bool, args []string) {
	for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(ts.ReadFile("stdout"), -1) {
		if to := html.UnescapeString(m[1]); regexp.MustCompile(args[0]).MatchString(to) {
			r, err := http.NewRequest(http.MethodGet, "http://"+ts.Getenv("LISTEN")+to, nil)
			ts.Check(err)
			answered(ts, neg, ts.Value(browserKey{}).(*http.Client), r)
			return
		}
	}
	ts.Fatalf("the page has no such link: %s", args[0])
}
