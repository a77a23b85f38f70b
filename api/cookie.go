package api

import "time"

// Tracker is a cookie, what else is kept in browsers, or a beacon, as the policy
// declares it.
type Tracker struct {
	Ref      string            `json:"ref" doc:"cookies.NAME or beacons.NAME"`
	Kind     string            `json:"kind" enum:"cookie,local-storage,session-storage,app-storage,beacon"`
	Names    []string          `json:"names,omitempty" doc:"What browsers call it; * stands for anything"`
	Title    map[string]string `json:"title"`
	Class    string            `json:"class" enum:"essential,functional,performance,marketing"`
	Purposes []string          `json:"purposes"`
	SetBy    string            `json:"set_by" doc:"first-party, or a recipient"`
	Lifetime string            `json:"lifetime,omitempty" doc:"An ISO 8601 period; session where it ends when the browser is closed"`
	Items    []string          `json:"items,omitempty"`
	Pages    []string          `json:"pages,omitempty" doc:"Of a beacon: the collection points whose pages hold it"`
	Without  map[string]string `json:"without,omitempty" doc:"What does not work without it"`
	Own      bool              `json:"own,omitempty" doc:"Of avow itself"`
}

// Trackers is the register.
type Trackers struct {
	Trackers []Tracker `json:"trackers"`
}

// OfBrowser says which browser it is about.
type OfBrowser struct {
	Choice  string `json:"choice,omitempty" maxLength:"4000" doc:"Text of the cookie avow-cookies that the browser sent; leave it out where it sent none"`
	GPC     bool   `json:"gpc,omitempty" doc:"It sent Sec-GPC: 1"`
	Subject string `json:"subject,omitempty" maxLength:"40" doc:"Who it is, where that is known: what they objected to holds"`
}

// CookieRead asks to read a cookie for a purpose.
type CookieRead struct {
	OfBrowser
	Purpose string `json:"purpose" minLength:"1" maxLength:"63"`
}

// CookieSet asks to set a cookie.
type CookieSet struct {
	OfBrowser
	Value    string `json:"value" maxLength:"8192" doc:"Looked at, and kept nowhere"`
	MaxAge   int64  `json:"max_age,omitempty" minimum:"0" maximum:"3155760000" doc:"Seconds; 0: until the browser is closed"`
	Wide     bool   `json:"wide,omitempty" doc:"Its Domain names more than the host"`
	SameSite string `json:"same_site,omitempty" enum:"Strict,Lax,None,"`
}

// CookieMay says that a cookie may be set or read now; the entry stands in the log.
type CookieMay struct {
	Allowed bool   `json:"allowed"`
	Version string `json:"version" doc:"Of the policy that decided"`
}

// BeaconVisit is a beacon that fired.
type BeaconVisit struct {
	OfBrowser
	Page    string   `json:"page" minLength:"1" maxLength:"63" doc:"Collection point whose page holds it"`
	Carries []string `json:"carries,omitempty" maxItems:"20" doc:"Items that it sends"`
	Member  bool     `json:"member,omitempty" doc:"Somebody with an account is signed in. Who, is not asked"`
}

// BeaconCount is how often a beacon was seen on a page on a day.
type BeaconCount struct {
	Page    string    `json:"page"`
	Day     time.Time `json:"day"`
	Visits  int64     `json:"visits"`
	Members int64     `json:"members" doc:"Of these, by people who were signed in"`
}

// BeaconCounts is what a beacon counted.
type BeaconCounts struct {
	Beacon string        `json:"beacon"`
	Visits int64         `json:"visits"`
	Counts []BeaconCount `json:"counts"`
}
