package parcel

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// withCases is the sample, of somebody who asked something.
func withCases(language string) Parcel {
	p := sample(language)
	at := time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)
	due := at.Add(48 * time.Hour)
	p.Cases = func(emit func(Case) error) error {
		return emit(Case{
			ID: "case_1", Title: "question · personal data", Kind: "question", Topic: "data", Channel: "chat", State: "closed", Standing: "closed · solved",
			Received: at, Due: &due, Kept: "3 years",
			Turns: []Turn{
				{At: at, Kind: "case-opened", Title: "What you said", By: "person", Text: "=1+1 is <b>what</b>,\nand why?", Contact: "mia@lamp.test"},
				{At: due, Kind: "case-replied", Title: "What you were answered", By: "staff", Text: "Two."},
				{At: due, Kind: "case-closed", Title: "The case was closed", By: "staff", Why: "solved", Gone: true},
			},
		})
	}
	return p
}

func TestEveryWordOfACaseIsInThePackage(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		_, files := write(t, withCases(language))
		var data struct{ Cases []Case }
		if err := json.Unmarshal([]byte(files["data.json"]), &data); err != nil {
			t.Fatal(err)
		}
		if len(data.Cases) != 1 || len(data.Cases[0].Turns) != 3 || data.Cases[0].Turns[0].Text != "=1+1 is <b>what</b>,\nand why?" || data.Cases[0].Turns[1].By != "staff" {
			t.Errorf("data.json says %+v", data.Cases)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(files["data.csv"], "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, r := range rows {
			if r[0] == "cases" {
				said = append(said, r[1]+"/"+r[2]+" "+r[3]+": "+r[7])
			}
		}
		if got, want := strings.Join(said, "|"), "case_1/1 text: '=1+1 is <b>what</b>,\nand why?|case_1/1 contact: mia@lamp.test|case_1/2 text: Two."; got != want {
			t.Errorf("data.csv says %q, want %q", got, want)
		}
		page := files["index.html"]
		for _, want := range []string{"case_1", "=1&#43;1 is &lt;b&gt;what&lt;/b&gt;,", "Two.", "2026-02-05 09:00 UTC", wordsIn(language).Gone, `href="#cases"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %q", language, want)
			}
		}
		if strings.Count(page, "<table>") != strings.Count(page, "</table>") {
			t.Errorf("%s: a table is left open", language)
		}
		_, files = write(t, sample(language))
		if !strings.Contains(files["index.html"], wordsIn(language).NoCase) || !strings.Contains(files["data.json"], `"cases": []`) {
			t.Errorf("%s: who wrote nothing is not told so", language)
		}
	}
}
