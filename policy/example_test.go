package policy_test

import (
	"fmt"
	"os"

	"github.com/avow-dev/avow/policy"
)

// A shop asks whether it may send news to somebody who took their consent
// back, and collects what a form brings in.
func Example() {
	src, err := os.ReadFile("testdata/base.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	p, _, err := policy.Load("base.yaml", src, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	news, _ := p.Purpose("news")
	email, _ := p.Item("account.email")

	facts := &policy.Facts{Accepted: true, Account: policy.AccountOpen}
	facts.Withdrawn.Add(news.No)
	d := p.Decide(&policy.Use{Items: []policy.ItemNo{email.No}, Purpose: news.No}, facts)
	fmt.Println("allowed:", d.Allowed)
	for _, r := range d.Reasons {
		fmt.Println(r.Clause, r.Pos, r.Text)
	}

	refusals := p.Collect("registration", []policy.Given{
		{Item: "account.email", Value: "zara@goscam.com"},
		{Item: "account.password", Value: "1234"},
	}, facts)
	for _, r := range refusals {
		fmt.Println(r.Text)
	}
	// Output:
	// allowed: false
	// L-2 base.yaml:29:3 the person withdrew their consent to "news"
	// L-2 base.yaml:29:3 "news" asks for a consent of its own, by an explicit act
	// account.password: the value is not a password of 8 to 1024 bytes; correct it
}
