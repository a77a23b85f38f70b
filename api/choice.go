package api

import "time"

// Choice is what a person says about a purpose, a recipient, or data going abroad.
type Choice struct {
	Kind      string `json:"kind" enum:"consent,objection,sharing,abroad"`
	Purpose   string `json:"purpose,omitempty" maxLength:"100" doc:"For consent and objection"`
	Recipient string `json:"recipient,omitempty" maxLength:"100" doc:"For sharing; for abroad, nobody in particular when left out"`
	Given     bool   `json:"given" doc:"Yes, or (objection) I object; false takes it back"`
	Explicit  bool   `json:"explicit,omitempty" doc:"By an act of its own, not bundled with anything"`
	Channel   string `json:"channel,omitempty" maxLength:"100" doc:"Where it was said"`
}

// Consent is one thing a person said.
type Consent struct {
	ID        int64      `json:"id"`
	Kind      string     `json:"kind"`
	Purpose   string     `json:"purpose,omitempty"`
	Recipient string     `json:"recipient,omitempty"`
	Given     bool       `json:"given"`
	Explicit  bool       `json:"explicit"`
	Policy    string     `json:"policy_version" doc:"Version whose text the person saw"`
	Channel   string     `json:"channel,omitempty"`
	At        time.Time  `json:"at"`
	Until     *time.Time `json:"until,omitempty"`
}

// Consents is a page of what a person said, oldest first.
type Consents struct {
	Consents []Consent `json:"consents"`
	Next     string    `json:"next,omitempty"`
}

// Disclosure says what went to whom.
type Disclosure struct {
	ID        int64     `json:"id"`
	Recipient string    `json:"recipient"`
	Purpose   string    `json:"purpose"`
	Items     []string  `json:"items"`
	Scenario  string    `json:"scenario,omitempty"`
	At        time.Time `json:"at"`
	Entry     int64     `json:"entry" doc:"Log entry that granted it"`
}

// Disclosures is a page of disclosures, oldest first.
type Disclosures struct {
	Disclosures []Disclosure `json:"disclosures"`
	Next        string       `json:"next,omitempty"`
}
