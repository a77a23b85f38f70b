package api

import "time"

// Promises is a page of the board: the sentences of the policy in force, in its
// order.
type Promises struct {
	Version  string         `json:"policy_version"`
	At       time.Time      `json:"at"`
	Counts   map[string]int `json:"counts" doc:"How many promises of the whole board stand how"`
	Promises []Promise      `json:"promises"`
	Next     string         `json:"next,omitempty" doc:"Send it as after for the next page; absent on the last"`
}

// Promise is one sentence of the policy, what keeps it, and how it stands.
type Promise struct {
	ID       string            `json:"id" doc:"Clause of the policy"`
	Section  string            `json:"section,omitempty"`
	Says     map[string]string `json:"says" doc:"By language"`
	State    string            `json:"state" enum:"broken,attestation-overdue,at-risk,not-built,unproven,attested,kept" doc:"That of its worst control"`
	Assumed  bool              `json:"assumed,omitempty" doc:"The text leaves something open, and the policy says what"`
	Place    string            `json:"place" doc:"File and line of the policy"`
	Evidence []Evidence        `json:"evidence" doc:"Of each control that keeps it"`
}

// Evidence is what one control has to show.
type Evidence struct {
	Control string     `json:"control"`
	State   string     `json:"state"`
	By      string     `json:"by" doc:"Who keeps it"`
	Count   int64      `json:"count" doc:"Log entries that show it"`
	Entry   int64      `json:"entry,omitempty" doc:"The last of them"`
	Day     *time.Time `json:"day,omitempty" doc:"UTC day of it"`
	Why     string     `json:"why,omitempty" doc:"Why it does not stand as it should, as a code"`
	Request string     `json:"request,omitempty" doc:"The request that is late or due"`
	Due     *time.Time `json:"due,omitempty"`
	Cases   int64      `json:"cases,omitempty" doc:"How many there are of it"`
	Duty    string     `json:"duty,omitempty" doc:"The duty whose attestation it is"`
	Until   *time.Time `json:"until,omitempty" doc:"How long the attestation holds"`
}

// Duties is every duty of the policy.
type Duties struct {
	Duties []Duty `json:"duties"`
}

// Duty is something that people do again and again, and sign.
type Duty struct {
	Duty    string            `json:"duty"`
	About   string            `json:"about,omitempty" doc:"The recipient it is done for"`
	Title   map[string]string `json:"title" doc:"By language"`
	Control string            `json:"control,omitempty" doc:"The control it keeps"`
	State   string            `json:"state"`
	Due     time.Time         `json:"due" doc:"When it has to be signed again"`
	Last    *Attestation      `json:"last,omitempty"`
}

// Attestation is a signature that a duty was done.
type Attestation struct {
	At    time.Time `json:"at"`
	Until time.Time `json:"until"`
	Hash  string    `json:"evidence_sha256,omitempty" doc:"Of what was shown, in hexadecimal"`
	Entry int64     `json:"entry" doc:"Log entry that proves it"`
}
