package api

import "time"

// Collect is values that come in at a collection point.
type Collect struct {
	Point string  `json:"point" minLength:"1" maxLength:"100" doc:"Collection point of the policy"`
	Given []Given `json:"given" minItems:"1" maxItems:"200"`
}

// Collected is how many came in.
type Collected struct {
	Stored  int       `json:"stored"`
	LeftOut []LeftOut `json:"left_out,omitempty" doc:"What was not given, and what does not work without it"`
}

// Correct replaces a value.
type Correct struct {
	Value string `json:"value" maxLength:"524288"`
}

// Holding is items that are held together, without their values.
type Holding struct {
	ID        int64      `json:"id"`
	Items     []string   `json:"items"`
	Class     string     `json:"class" doc:"Retention class"`
	Point     string     `json:"point" doc:"Where they were collected"`
	Source    string     `json:"source,omitempty" doc:"partner: and who passed it on, law: and the provision that asks for it"`
	Collected time.Time  `json:"collected"`
	Due       *time.Time `json:"due,omitempty" doc:"When the retention ends, where that is known"`
}

// Holdings is a page of holdings.
type Holdings struct {
	Holdings []Holding `json:"holdings"`
	Next     string    `json:"next,omitempty" doc:"Send it as after for the next page; absent on the last"`
}

// Use asks to use items of a subject for a purpose.
type Use struct {
	Subject   string   `json:"subject,omitempty" maxLength:"40" doc:"Subject"`
	Items     []string `json:"items" minItems:"1" maxItems:"100"`
	Purpose   string   `json:"purpose" minLength:"1" maxLength:"100"`
	Recipient string   `json:"recipient,omitempty" maxLength:"100" doc:"Nobody outside the controller when left out"`
	Case      string   `json:"case,omitempty" maxLength:"40" doc:"Sharing case of the policy; the one that follows from what the recipient is when left out"`
	Ref       string   `json:"ref,omitempty" maxLength:"200" doc:"What is behind it: order:ID, ticket:ID, case:ID, contract:ID, request:ID or device:ID (a device bound to the account, that a command goes to)"`
	Function  string   `json:"function,omitempty" maxLength:"100"`
	Surface   string   `json:"surface,omitempty" maxLength:"100"`
	Device    string   `json:"device,omitempty" maxLength:"100"`
	Interest  string   `json:"interest,omitempty" maxLength:"200"`
	Citation  string   `json:"citation,omitempty" maxLength:"200"`
	Clause    string   `json:"clause,omitempty" maxLength:"200" doc:"The clause, of an agreement or of the policy, that is carried out"`
	Necessity string   `json:"necessity,omitempty" maxLength:"200" doc:"Why it cannot be done without the data"`
	Role      string   `json:"role,omitempty" maxLength:"63" doc:"Role of the member of staff who acts; takes the scope staff:act"`
	Staff     string   `json:"staff,omitempty" maxLength:"63" doc:"Id of the member of staff, for the log"`
}

// UseMany is one use of many subjects. Everybody has their own answer and entry.
type UseMany struct {
	Use
	Subjects []string `json:"subjects" minItems:"1" maxItems:"500"`
}

// Answer is what a use gave.
type Answer struct {
	Subject string   `json:"subject"`
	Allowed bool     `json:"allowed"`
	Values  []Value  `json:"values"`
	Entry   int64    `json:"entry,omitempty" doc:"Log entry that grants"`
	Reasons []Cause  `json:"reasons,omitempty" doc:"Of a batch: why not"`
	Version string   `json:"policy_version"`
	Duties  []string `json:"duties,omitempty" enum:"mask,hash,generalise,notify,last-digits" doc:"What the use still owes; mask, hash and generalise are done already"`
}

// Answers is the answers of a batch, in its order.
type Answers struct {
	Answers []Answer `json:"answers"`
}

// Value is one value handed out.
type Value struct {
	Item  string    `json:"item"`
	Value string    `json:"value"`
	Since time.Time `json:"since" doc:"When it was collected"`
}

// VerifySecret compares a secret, such as a password, with the one on record.
type VerifySecret struct {
	Use
	Candidate string `json:"candidate" maxLength:"10000"`
}

// Verified says whether the secret is the one.
type Verified struct {
	Match bool `json:"match"`
}

// Decide asks what the policy would say. Nothing may be used on the strength of
// the answer: that takes a use.
type Decide struct {
	Uses []Use `json:"uses" minItems:"1" maxItems:"500"`
}

// Decisions is the decisions, in the order asked.
type Decisions struct {
	Decisions []Decision `json:"decisions"`
}

// Decision is what the policy would say.
type Decision struct {
	Subject string   `json:"subject"`
	Allowed bool     `json:"allowed"`
	Version string   `json:"policy_version"`
	Duties  []string `json:"duties,omitempty"`
	Reasons []Cause  `json:"reasons,omitempty"`
}
