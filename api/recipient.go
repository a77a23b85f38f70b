package api

import "time"

// NewFinding is what was found out about a recipient.
type NewFinding struct {
	Kind     string     `json:"kind" enum:"ability,security,audit,breach"`
	Passed   bool       `json:"passed" doc:"Never of a breach"`
	Document string     `json:"document" minLength:"1" maxLength:"500" doc:"Where the report can be read; it names nobody"`
	Remedy   string     `json:"remedy,omitempty" enum:"delete,return" doc:"What a recipient that failed is told to do with what it holds"`
	Until    *time.Time `json:"until,omitempty" doc:"Until when it holds; until the next when left out"`
	Staff    string     `json:"staff" minLength:"1" maxLength:"63" doc:"Id of the member of staff whose finding it is"`
}

// NewAcceptance says that a recipient accepted its instructions.
type NewAcceptance struct {
	Document string `json:"document" minLength:"1" maxLength:"500" doc:"Where its word can be read"`
	Staff    string `json:"staff" minLength:"1" maxLength:"63" doc:"Id of the member of staff who records it"`
}

// NewLink is an address outside that people may be led to.
type NewLink struct {
	Under string `json:"under" minLength:"1" maxLength:"100" doc:"What the policy excludes it under, such as linked-sites"`
	Title string `json:"title" minLength:"1" maxLength:"200" doc:"Whose site it is"`
	URL   string `json:"url" minLength:"1" maxLength:"500"`
	Terms string `json:"terms" minLength:"1" maxLength:"500" doc:"Where that party's own policy stands"`
	Staff string `json:"staff" minLength:"1" maxLength:"63" doc:"Id of the member of staff who registers it"`
}

// NewTransferObjection says who does not want to go along.
type NewTransferObjection struct {
	Subject string `json:"subject" minLength:"1" maxLength:"40"`
}
