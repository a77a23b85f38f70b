package api

// A Problem says why something was not done (RFC 9457).
type Problem struct {
	Type     string  `json:"type" doc:"about:blank, or urn:avow:denied where the policy says no"`
	Title    string  `json:"title" doc:"The kind of problem, in words"`
	Status   int     `json:"status" doc:"HTTP status"`
	Detail   string  `json:"detail,omitempty" doc:"What is wrong here, and what to do"`
	Instance string  `json:"instance,omitempty" doc:"Request id: the operator finds the request by it"`
	Code     string  `json:"code" enum:"invalid,denied,not_found,conflict,busy,internal,unauthorized,scope" doc:"What a program can act on"`
	Reasons  []Cause `json:"reasons,omitempty" doc:"Every reason of the policy against it"`
	Fields   []Wrong `json:"fields,omitempty" doc:"What in the request is not as described; values are never repeated"`
	Version  string  `json:"policy_version,omitempty" doc:"Version of the policy that said no"`
}

// TypeDenied is the type of a problem where the policy says no.
const TypeDenied = "urn:avow:denied"

// A Cause is one reason of the policy against something.
type Cause struct {
	Code    string `json:"code" doc:"Stable code of the reason"`
	Text    string `json:"text" doc:"What the policy says and what would help"`
	Item    string `json:"item,omitempty" doc:"Item concerned, where it is one"`
	Control string `json:"control" doc:"The control that says no"`
	Clause  string `json:"clause,omitempty" doc:"Clause of the policy that it keeps"`
	Place   string `json:"place,omitempty" doc:"Place in the policy file, file:line:column"`
}

// A Wrong is one thing in a request that is not as the document describes it.
type Wrong struct {
	Place string `json:"place" doc:"Where, such as body.items[2]"`
	Text  string `json:"text" doc:"What is wrong"`
}

// Error returns the problem in one line.
func (p Problem) Error() string {
	if p.Detail == "" {
		return p.Title
	}
	return p.Title + ": " + p.Detail
}

// Denied reports whether the policy says no.
func (p Problem) Denied() bool { return p.Type == TypeDenied }
