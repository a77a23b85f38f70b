package api

import "time"

// Ask is what a person asks for.
type Ask struct {
	Right       string       `json:"right" minLength:"1" maxLength:"40" doc:"access, portability, rectification, restriction, erasure or another right of the policy"`
	Subject     string       `json:"subject,omitempty" maxLength:"40" doc:"Where it is known"`
	Identifiers []Identifier `json:"identifiers,omitempty" maxItems:"20" doc:"What the person gave to be found by"`
	Scope       string       `json:"scope,omitempty" maxLength:"120" doc:"class:NAME or item:NAME; everything when left out"`
	Contact     string       `json:"contact,omitempty" maxLength:"300" doc:"Where answers go"`
	Channel     string       `json:"channel,omitempty" maxLength:"40" doc:"Where the person asked; api when left out"`
	Language    string       `json:"language,omitempty" maxLength:"35"`
	Corrections []Correction `json:"corrections,omitempty" maxItems:"50" doc:"With rectification: the new values; the scope follows from them"`
	VerifiedBy  string       `json:"verified_by,omitempty" maxLength:"40" doc:"How who asks was proved to be the person already: login, identifier-code, document, in-person"`
}

// Correction is the new value of an item.
type Correction struct {
	Item  string `json:"item" minLength:"1" maxLength:"100" doc:"Item of the policy"`
	Value string `json:"value" maxLength:"524288"`
}

// Asked is a request that was taken down.
type Asked struct {
	ID string `json:"id"`
}

// Due is a deadline and the rule that sets it.
type Due struct {
	At   time.Time `json:"at"`
	Rule string    `json:"rule,omitempty"`
	Cite string    `json:"cite,omitempty"`
}

// Request is a request as it stands.
type Request struct {
	ID       string    `json:"id"`
	Right    string    `json:"right"`
	Scope    string    `json:"scope"`
	State    string    `json:"state"`
	Channel  string    `json:"channel"`
	Received time.Time `json:"received"`
	ReplyDue *Due      `json:"reply_due,omitempty"`
	DoneDue  *Due      `json:"done_due,omitempty"`
	Paused   bool      `json:"paused,omitempty"`
	Reason   string    `json:"reason,omitempty" doc:"Why it is paused, refused or needs attention"`
	Cite     string    `json:"cite,omitempty"`
	Subject  string    `json:"subject,omitempty"`
	Receipt  bool      `json:"receipt,omitempty" doc:"There is one"`
	Events   []Event   `json:"events,omitempty"`
}

// Event is one fact of a request's timeline.
type Event struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	State  string    `json:"state"`
	Actor  string    `json:"actor" doc:"person, staff or machine"`
	System string    `json:"system,omitempty"`
	Entry  int64     `json:"entry" doc:"Log entry that proves it"`
}

// Requests is a page of requests, oldest first.
type Requests struct {
	Requests []Request `json:"requests"`
	Next     string    `json:"next,omitempty"`
}

// VerifyRequest records that who asks is the person.
type VerifyRequest struct {
	Method string `json:"method" minLength:"1" maxLength:"40" doc:"login, identifier-code, document, in-person"`
}
