package api

import "time"

// NewRelease asks for counts to leave.
type NewRelease struct {
	Set       string     `json:"set" minLength:"1" maxLength:"63" doc:"Set of counts, as the policy calls it"`
	Purpose   string     `json:"purpose" minLength:"1" maxLength:"63" doc:"The purpose of the set, and no other"`
	Audience  string     `json:"audience" enum:"public,partners,affiliates,processor"`
	Recipient string     `json:"recipient,omitempty" maxLength:"200" doc:"The organisation that gets them; of a processor, as the policy calls it"`
	From      *time.Time `json:"from,omitempty"`
	Until     *time.Time `json:"until,omitempty"`
	CSV       string     `json:"csv,omitempty" maxLength:"524288" doc:"A table made elsewhere, with a head line and a column people"`
	Role      string     `json:"role" minLength:"1" maxLength:"63" doc:"Role of the member of staff who proposes it"`
	Staff     string     `json:"staff" minLength:"1" maxLength:"63" doc:"Id of that member of staff"`
}

// StaffActs says which member of staff acts.
type StaffActs struct {
	Role  string `json:"role" minLength:"1" maxLength:"63" doc:"Role of the member of staff who acts"`
	Staff string `json:"staff" minLength:"1" maxLength:"63" doc:"Id of that member of staff"`
}

// Decline says that somebody does not agree to the policy.
type Decline struct {
	Subject string `json:"subject,omitempty" maxLength:"40" doc:"Who it is, where they have a record"`
	Surface string `json:"surface,omitempty" maxLength:"63" doc:"Where they said so, as the policy calls it"`
}

// Residence is where somebody lives.
type Residence struct {
	Country string `json:"country" maxLength:"2" doc:"ISO 3166-1 code; empty: not known any more"`
}

// Under is which laws hold, or may hold, for somebody, and the authority they can
// complain to.
type Under struct {
	Residence    string   `json:"residence,omitempty"`
	Laws         []string `json:"laws"`
	Authority    string   `json:"authority,omitempty"`
	AuthorityURL string   `json:"authority_url,omitempty"`
}

// MeasureTaken is what was done against somebody under a rule outside the policy.
type MeasureTaken struct {
	Rule  string `json:"rule" minLength:"1" maxLength:"63" doc:"What the policy calls the thing it leaves out"`
	What  string `json:"what" minLength:"1" maxLength:"40" doc:"What was done, in a code: suspended, warned"`
	Ref   string `json:"ref" minLength:"1" maxLength:"200" doc:"Number of the case; never personal data"`
	Note  string `json:"note,omitempty" maxLength:"1000" doc:"Why; it stands sealed in the log"`
	Ended bool   `json:"ended,omitempty" doc:"The measure is over"`
	Role  string `json:"role" minLength:"1" maxLength:"63"`
	Staff string `json:"staff" minLength:"1" maxLength:"63"`
}

// Groundless lists items that rest on nothing any more.
type Groundless struct {
	Items []string `json:"items"`
}

// Counts is a table of one of the policy's sets: of each period, how many people have
// something of each item. null: about too few people, or it would give those away.
type Counts struct {
	Set      string   `json:"set"`
	Purpose  string   `json:"purpose"`
	By       string   `json:"by" doc:"How long a period is: day, week, month, year, all"`
	Smallest int      `json:"smallest" doc:"Cells of fewer people are null"`
	Items    []string `json:"items" doc:"Of the columns"`
	Periods  []string `json:"periods" doc:"Of the lines, oldest first"`
	Cells    [][]*int `json:"cells"`
	OfItem   []*int   `json:"of_item" doc:"People in all periods, each once"`
	OfPeriod []*int   `json:"of_period" doc:"People in all items, each once"`
}
