package demo_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-dev/avow/internal/demo"
)

func TestTheSameSeedGivesTheSamePeople(t *testing.T) {
	all := demo.People(7, 400)
	if diff := cmp.Diff(all, demo.People(7, 400)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(all[:50], demo.People(7, 50)); diff != "" {
		t.Errorf("fewer people are other people: %s", diff)
	}
	if cmp.Equal(all[:50], demo.People(8, 50)) {
		t.Error("another seed gives the same people")
	}
}

func TestNobodyIsAnybody(t *testing.T) {
	address := regexp.MustCompile(`^[a-z]+\.[a-z]+\d*@(example\.(com|org|net)|(mail|post)\.example)$`)
	number := regexp.MustCompile(`^\+(447700900\d{3}|1\d{3}55501\d{2}|3363998\d{4})$`)
	addresses, scripts := map[string]bool{}, map[bool]int{}
	for _, p := range demo.People(2026, 1000) {
		if !address.MatchString(p.Email) || addresses[p.Email] {
			t.Errorf("the address %s is taken, or could be somebody's", p.Email)
		}
		if !number.MatchString(p.Phone) {
			t.Errorf("the number %s could be somebody's", p.Phone)
		}
		if p.Name == "" || p.City == "" || p.Street == "" || p.Postcode == "" {
			t.Errorf("%+v is not whole", p)
		}
		addresses[p.Email] = true
		scripts[p.Chinese]++
	}
	if scripts[true] < 300 || scripts[false] < 300 {
		t.Errorf("names are in one script only: %v", scripts)
	}
}
