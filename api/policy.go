package api

import "time"

// Policy is the policy in force, as far as programs need it. Texts for people are
// in the centre.
type Policy struct {
	Platform   string    `json:"platform"`
	Title      string    `json:"title"`
	Version    string    `json:"version"`
	Label      string    `json:"label"`
	Since      time.Time `json:"since"`
	Languages  []string  `json:"languages"`
	Items      []string  `json:"items"`
	Purposes   []string  `json:"purposes"`
	Classes    []string  `json:"classes"`
	Recipients []string  `json:"recipients"`
	Points     []string  `json:"points"`
	Rights     []string  `json:"rights"`
}

// Version is a version of the policy that is or was in force.
type Version struct {
	Number  int64     `json:"number" doc:"What log entries call it"`
	Version string    `json:"version"`
	Label   string    `json:"label"`
	Since   time.Time `json:"since"`
	Reasons []string  `json:"reasons,omitempty" doc:"Why it was written: business, function, law, practice, correction"`
	Weight  string    `json:"weight,omitempty" doc:"How much it changed: technical, minor, major"`
}

// Versions is a page of versions, oldest first.
type Versions struct {
	Versions []Version `json:"versions"`
	Next     string    `json:"next,omitempty"`
}

// Entry is a log entry.
type Entry struct {
	ID      int64             `json:"id"`
	Number  int64             `json:"number" doc:"Place in the log; -1 while it has none"`
	Kind    string            `json:"kind"`
	At      time.Time         `json:"at"`
	Control string            `json:"control,omitempty"`
	Public  map[string]string `json:"public,omitempty" doc:"The public part, numbers of the policy translated to names"`
	Sealed  string            `json:"sealed,omitempty" enum:"opened,key destroyed,pruned" doc:"What became of the part about the subject"`
}

// Entries is a page of entries.
type Entries struct {
	Entries []Entry `json:"entries"`
	Next    string  `json:"next,omitempty"`
}

// Checkpoint is the signed root of the log.
type Checkpoint struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Note   string `json:"note" doc:"The signed note (C2SP tlog-checkpoint)"`
	Key    string `json:"key" doc:"Verifier key of the log"`
}
