package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// scenarioCrowd lets people in who do all the same, by the API and its key KEY:
//
//	crowd FIRST LAST REGISTER PURPOSE,… VALUES
//
// REGISTER and VALUES are files with bodies, in which %d is the number of the person;
// to each of the purposes they consent.
func scenarioCrowd(ts *testscript.TestScript, _ bool, args []string) {
	first, err := strconv.Atoi(args[0])
	ts.Check(err)
	last, err := strconv.Atoi(args[1])
	ts.Check(err)
	ask := func(path, body string) []byte {
		r, err := http.NewRequest(http.MethodPost, "http://"+ts.Getenv("LISTEN")+"/api/v1/platforms/"+ts.Getenv("PLATFORM")+path, strings.NewReader(body))
		ts.Check(err)
		r.Header.Set("Authorization", "Bearer "+ts.Getenv("KEY"))
		r.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(r)
		ts.Check(err)
		defer answer.Body.Close()
		b, err := io.ReadAll(answer.Body)
		ts.Check(err)
		if answer.StatusCode >= 300 {
			ts.Fatalf("%s: %s", path, b)
		}
		return b
	}
	register, values := ts.ReadFile(args[2]), ts.ReadFile(args[4])
	for i := first; i <= last; i++ {
		var made struct{ ID string }
		ts.Check(json.Unmarshal(ask("/subjects", strings.ReplaceAll(register, "%d", strconv.Itoa(i))), &made))
		for _, p := range strings.Split(args[3], ",") {
			ask("/subjects/"+made.ID+"/consents", fmt.Sprintf(`{"kind":"consent","purpose":%q,"given":true,"explicit":true,"channel":"settings"}`, p))
		}
		ask("/subjects/"+made.ID+"/values", strings.ReplaceAll(values, "%d", strconv.Itoa(i)))
		ts.Setenv("LAST", made.ID)
	}
}
