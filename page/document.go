package page

// A Document is a policy in one language, in the order in which it is read.
// Times stand in the calendar's zone, written as that language writes them.
type Document struct {
	Language    string       `json:"language"`
	Platform    string       `json:"platform"`
	Name        string       `json:"name"` // what people call the product
	Label       string       `json:"label"`
	Version     string       `json:"version"`   // "sha256:" and the fingerprint
	Updated     string       `json:"updated"`   // a day, RFC 3339; empty where the policy gives none
	Effective   string       `json:"effective"` // the same
	Rules       []string     `json:"rules"`     // rule packs and calendar it was compiled with
	Summary     []Fact       `json:"summary"`
	Promises    []Promise    `json:"promises"` // the rights in short
	Categories  []Category   `json:"data"`
	Purposes    []Purpose    `json:"purposes"`
	Recipients  []Recipient  `json:"recipients"`
	Retentions  []Retention  `json:"retention"`
	Rights      []Right      `json:"rights"`
	Parts       []Part       `json:"parts"`
	Security    []Fact       `json:"security"`
	People      []Fact       `json:"people"`
	Controller  string       `json:"controller"`
	Contacts    []Contact    `json:"contacts"`
	Authority   Link         `json:"authority"`
	Filings     []Filing     `json:"filings,omitempty"`
	Sections    []Section    `json:"clauses"`
	Assumptions []Assumption `json:"assumed"`

	T        Words  `json:"-"` // fixed texts
	Revised  string `json:"-"` // Updated in words
	InForce  string `json:"-"` // Effective in words
	MoreThan bool   `json:"-"` // Updated lies after Effective
}

// A Fact is a question and its answer.
type Fact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// A Promise is one right in one line.
type Promise struct {
	Anchor string `json:"-"`
	Title  string `json:"title"`
	Text   string `json:"text"`
}

// A Link is a name that leads somewhere: to an anchor of the page, or to an
// address. Where it leads nowhere URL is empty.
type Link struct {
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
}

// A Category is kinds of data that belong together.
type Category struct {
	Anchor string `json:"-"`
	Title  string `json:"title"`
	Items  []Item `json:"items"`
}

// An Item is one kind of personal data.
type Item struct {
	Anchor     string   `json:"-"`
	Name       string   `json:"item"` // as the policy names it
	Title      string   `json:"title"`
	Sensitive  bool     `json:"sensitive"`
	Optional   bool     `json:"optional"`
	Why        []Link   `json:"purposes"`
	Source     string   `json:"source"`
	Kept       Link     `json:"kept"`
	Recipients []string `json:"recipients"`
}

// A Purpose is why data is used.
type Purpose struct {
	Anchor  string   `json:"-"`
	Name    string   `json:"purpose"`
	Title   string   `json:"title"`
	Basis   string   `json:"basis"`
	Ground  string   `json:"ground"` // the basis in words
	Cite    string   `json:"cite,omitempty"`
	Choice  string   `json:"choice,omitempty"` // what the person can do about it
	Needs   string   `json:"needs,omitempty"`  // what stands behind each use
	Items   []string `json:"items"`
	ForAll  bool     `json:"all_items,omitempty"`
	Consent bool     `json:"consent"`
}

// A Recipient is who receives data.
type Recipient struct {
	Anchor    string   `json:"-"`
	Name      string   `json:"recipient"`
	Title     string   `json:"title"`
	Role      string   `json:"role"`
	Country   string   `json:"country"`
	Abroad    bool     `json:"abroad"`
	Policy    string   `json:"policy,omitempty"` // address of its own
	Why       []Link   `json:"purposes"`
	Items     []string `json:"items"`
	Method    string   `json:"method,omitempty"`
	Devices   []string `json:"devices,omitempty"`
	Agreement string   `json:"agreement"`
	Form      string   `json:"form,omitempty"` // in which form it gets values
	Standards []string `json:"standards,omitempty"`
	Assumed   string   `json:"assumed,omitempty"`
}

// A Retention is how long data is kept.
type Retention struct {
	Anchor  string   `json:"-"`
	Name    string   `json:"class"`
	Title   string   `json:"title"`
	Rule    string   `json:"rule"`
	Law     bool     `json:"law"`
	Cite    string   `json:"cite,omitempty"`
	Items   []string `json:"items"`
	Assumed string   `json:"assumed,omitempty"`
}

// A Right is what a person may ask for.
type Right struct {
	Anchor   string   `json:"-"`
	Kind     string   `json:"right"`
	Title    string   `json:"title"`
	Channels []string `json:"channels"`
	Verify   string   `json:"verify"`
	Clocks   []Fact   `json:"clocks"`
	When     []string `json:"circumstances,omitempty"`
	Paths    []string `json:"paths,omitempty"`
	Assumed  string   `json:"assumed,omitempty"`
}

// A Contact is a way to reach the controller.
type Contact struct {
	Kind    string `json:"kind"`
	Title   string `json:"title"`
	Address string `json:"address"`
	URL     string `json:"url,omitempty"`
}

// A Filing is a number under which the platform is filed with an authority.
type Filing struct {
	Title  string `json:"title"`
	Number string `json:"number"`
	With   string `json:"with,omitempty"`
	URL    string `json:"url,omitempty"` // where it can be looked up
}

// A Section is clauses that belong together.
type Section struct {
	Anchor  string   `json:"-"`
	Name    string   `json:"section"`
	Title   string   `json:"title"`
	Clauses []Clause `json:"clauses"`
}

// A Clause is one sentence of the policy. Kept is true when a control of the
// program keeps it.
type Clause struct {
	Anchor string   `json:"-"`
	ID     string   `json:"id"`
	Says   string   `json:"says"`
	Kept   []string `json:"kept_by"` // ids of controls
	How    []Fact   `json:"-"`       // the same in words: what the control is called and what it does
	People bool     `json:"-"`       // some of it is kept by people, who sign that it is done
	Mark   bool     `json:"assumed,omitempty"`

	// Where the policy shows its board to everybody, how the sentence stands now
	// and the last day that showed it; see Document.Stand.
	State  string `json:"state,omitempty"`
	Shown  string `json:"last_shown,omitempty"` // YYYY-MM-DD in UTC
	Stands string `json:"-"`                    // the same in words
}

// An Assumption is something the owner's text leaves open.
type Assumption struct {
	Anchor string `json:"-"` // where it matters
	What   string `json:"what"`
	Why    string `json:"why"`
}
