package api

import "time"

// Register is somebody who enters.
type Register struct {
	Kind     string  `json:"kind,omitempty" enum:"natural,enterprise,visitor" doc:"natural when left out"`
	Accepted bool    `json:"accepted,omitempty" doc:"They accepted the policy in force"`
	Adult    bool    `json:"adult,omitempty" doc:"They declared to be of age"`
	Lives    string  `json:"lives,omitempty" maxLength:"2" doc:"Country they live in (ISO 3166-1); every law of the policy may hold while it is not known"`
	Minor    bool    `json:"minor,omitempty" doc:"They declared to be under age"`
	Point    string  `json:"point,omitempty" maxLength:"100" doc:"Collection point of the policy at which values were given"`
	Given    []Given `json:"given,omitempty" maxItems:"200" doc:"What was given; all of it comes in, or nothing"`
	Verified bool    `json:"verified,omitempty" doc:"They proved that the identifiers are theirs"`
}

// Given is one value that comes in.
type Given struct {
	Item      string `json:"item" minLength:"1" maxLength:"100" doc:"Item of the policy"`
	Value     string `json:"value" maxLength:"524288" doc:"The value"`
	Origin    string `json:"origin,omitempty" enum:"given,observed,received,derived,partner" doc:"How it came; as the policy declares when left out"`
	Voluntary bool   `json:"voluntary,omitempty" doc:"The person gave it by an act of their own"`
	Cite      string `json:"cite,omitempty" maxLength:"64" doc:"Where a law alone asks for it: the provision, as a code such as pipl-28"`
	From      string `json:"from,omitempty" maxLength:"63" doc:"Of what a partner passed on: the partner or affiliate, as the policy calls it"`
	Device    string `json:"device,omitempty" maxLength:"64" doc:"Of what was observed: the installation, under a name that the app makes up"`
	Function  string `json:"function,omitempty" maxLength:"100" doc:"Of what was observed: the business function that reads it"`
	Session   string `json:"session,omitempty" maxLength:"64" doc:"Of what was observed: the session of use it was seen in"`

	Other    []string `json:"other,omitempty" maxItems:"20" doc:"What others are called whom it is about too: copies leave them out"`
	Reminded bool     `json:"reminded,omitempty" doc:"The person was reminded to give numbers to others only where they must, and goes on"`
	Showing  string   `json:"showing,omitempty" maxLength:"40" doc:"The showing of the policy that came before, where the point asks for it: shw_…"`

	OfMinor        bool `json:"of_minor,omitempty" doc:"It is about a minor who is not the subject, such as a photo of a child"`
	GuardianAgreed bool `json:"guardian_agreed,omitempty" doc:"Who gives it attests that the minor's guardian agreed; the log keeps that"`
}

// Registered is a subject that has entered.
type Registered struct {
	ID      string    `json:"id" doc:"Subject"`
	LeftOut []LeftOut `json:"left_out,omitempty" doc:"What was not given, and what does not work without it"`
}

// LeftOut is an item that was not given, with what does not work without it, in the
// policy's first language. Nothing else stops.
type LeftOut struct {
	Item    string `json:"item"`
	Without string `json:"without"`
	Clause  string `json:"clause,omitempty"`
}

// Subject is what is on record about a subject, without values.
type Subject struct {
	ID          string     `json:"id"`
	Kind        string     `json:"kind"`
	State       string     `json:"state" enum:"open,closed,erasing,erased"`
	Restricted  bool       `json:"restricted" doc:"Processing is restricted (GDPR Art. 18)"`
	Accepted    string     `json:"accepted,omitempty" doc:"Version of the policy they accepted"`
	Created     time.Time  `json:"created"`
	Closed      *time.Time `json:"closed,omitempty"`
	Identifiers []string   `json:"identifiers" doc:"Kinds of identifier on record"`
	Holds       []Hold     `json:"holds,omitempty"`
}

// Hold keeps a class although its retention ends or the person asks for erasure.
type Hold struct {
	Class string     `json:"class,omitempty" maxLength:"100" doc:"Retention class; everything when left out"`
	Cite  string     `json:"cite" minLength:"1" maxLength:"200" doc:"The provision or the claim it rests on"`
	Until *time.Time `json:"until,omitempty" doc:"Until it is lifted when left out"`
}

// Identifier finds people. It is sent in a body, since it is personal.
type Identifier struct {
	Kind  string `json:"kind" minLength:"1" maxLength:"40" doc:"email, phone, account-id, device-id or another kind of the policy"`
	Value string `json:"value" minLength:"1" maxLength:"1000"`
}

// Found lists subjects: nobody, one, or several, since families share telephones.
type Found struct {
	Subjects []string `json:"subjects"`
}

// Kinds lists kinds of identifier.
type Kinds struct {
	Kinds []string `json:"kinds"`
}

// Bar keeps an identifier out. It outlives the erasure of the subject.
type Bar struct {
	Identifier
	Scope  string `json:"scope" enum:"marketing,import,refused" doc:"What it is barred from"`
	Ground string `json:"ground" minLength:"1" maxLength:"200" doc:"Why that may be kept: a clause or a provision"`
}

// Restriction switches the restriction of processing.
type Restriction struct {
	Restricted bool `json:"restricted"`
}

// Erase says what to erase of a subject in the vault; one of the three. Outside
// systems are erased by a request.
type Erase struct {
	Item       string `json:"item,omitempty" maxLength:"100"`
	Class      string `json:"class,omitempty" maxLength:"100"`
	Everything bool   `json:"everything,omitempty" doc:"All but what the law keeps"`
}

// Erased is what an erasure did. The keys are destroyed when it is answered.
type Erased struct {
	Values    int        `json:"values" doc:"Values that were readable before and are not now"`
	Keys      int        `json:"keys" doc:"Data keys destroyed"`
	Destroyed *time.Time `json:"destroyed,omitempty"`
}
