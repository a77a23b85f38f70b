package parcel

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"time"

	"github.com/avow-dev/avow/internal/seal"
)

// A Parcel is everything about one person, ready to be written.
type Parcel struct {
	Head        Head
	Items       []Item
	Disclosures []Disclosure
	Consents    []Consent

	// Rows, Cases and Entries give every row, case and log entry, in order, the same
	// at each call. They are called once for each file that needs them. A nil Cases
	// is none.
	Rows    func(emit func(Row) error) error
	Cases   func(emit func(Case) error) error
	Entries func(emit func(Entry) error) error
}

// cases gives every case, in order.
func (p *Parcel) cases(emit func(Case) error) error {
	if p.Cases == nil {
		return nil
	}
	return p.Cases(emit)
}

// Head says what the parcel is.
type Head struct {
	Platform   string    `json:"platform"`   // as people know it
	Controller string    `json:"controller"` // who answers for the data
	Contact    string    `json:"contact,omitempty"`
	Request    string    `json:"request"`
	Subject    string    `json:"subject,omitempty"` // public id
	Policy     string    `json:"policy"`            // label of the version
	Version    string    `json:"policy_version"`    // its hash
	Language   string    `json:"language"`
	Received   time.Time `json:"received"`
	Made       time.Time `json:"made"`
	Expires    time.Time `json:"expires"` // when the controller's copy goes
	Systems    []System  `json:"systems"`
}

// A System is one store that was asked.
type System struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Vault bool   `json:"-"` // its rows are values of different items, not records with columns
	Rows  int    `json:"rows"`
}

// An Item says what the policy promises about one kind of data, and who received
// it.
type Item struct {
	Name       string   `json:"item"`
	Title      string   `json:"title"`
	Category   string   `json:"category"`
	Purposes   []string `json:"purposes"`
	Source     string   `json:"source"`
	Kept       string   `json:"kept"`
	Recipients []string `json:"recipients"`
}

// A Row is one record of the person in one system.
type Row struct {
	System     string
	Collection string
	Key        string
	Role       string // how it is the person's
	Since      string // when the values came, where the system tells; RFC 3339
	Until      string // when they go, where that is set
	Point      string // collection point
	Values     []Value
}

// A Value is one value of a row.
type Value struct {
	Column string
	Item   string // of the policy, or a category; "" where the map calls the column plain
	Type   string
	Text   seal.Personal
	Null   bool
	Set    bool // a secret: it is there, and is not shown
	Size   int  // bytes of binary content that is not shown
}

// A Disclosure is what was given to whom.
type Disclosure struct {
	At        time.Time `json:"at"`
	Recipient string    `json:"recipient"`
	Purpose   string    `json:"purpose"`
	Scenario  string    `json:"scenario"`
	Items     []string  `json:"items"`
}

// A Consent is what the person said about a purpose.
type Consent struct {
	At      time.Time `json:"at"`
	Purpose string    `json:"purpose"`
	Said    string    `json:"said"` // yes, no, objection, objection ended
	Policy  string    `json:"policy_version"`
	Channel string    `json:"channel"`
	Until   string    `json:"until,omitempty"`
}

// A Case is a question, suggestion or complaint of the person, with all that was
// written in it. Title and Standing are words in the language of the package; the
// others are codes.
type Case struct {
	ID       string     `json:"case"`
	Title    string     `json:"title"`
	Kind     string     `json:"kind"`
	Topic    string     `json:"topic"`
	Channel  string     `json:"channel"`
	State    string     `json:"state"`
	Outcome  string     `json:"outcome,omitempty"`
	Standing string     `json:"standing"`
	Received time.Time  `json:"received"`
	Due      *time.Time `json:"due,omitempty"`
	First    string     `json:"first,omitempty"` // the case whose answer did not satisfy
	Kept     string     `json:"kept,omitempty"`
	Turns    []Turn     `json:"turns"`
}

// A Turn is one thing that happened to a case. What was written is in clear.
type Turn struct {
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"` // of the log entry
	Title   string    `json:"title"`
	By      string    `json:"by"` // person, staff, machine
	Why     string    `json:"why,omitempty"`
	Text    string    `json:"text,omitempty"`
	Contact string    `json:"contact,omitempty"` // where the answer goes
	Gone    bool      `json:"gone,omitempty"`    // it cannot be read any more
}

// An Entry is one fact of the log about the person.
type Entry struct {
	Number  int64    `json:"number"` // place in the log; -1: not yet in order
	At      string   `json:"at"`
	Kind    string   `json:"kind"`
	Details []Detail `json:"details,omitempty"`
}

// A Detail is one field of an entry, in words.
type Detail struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A file is one file of the zip.
type file struct {
	name  string
	write func(io.Writer, *Parcel) error
}

// Write writes the zip file of an access request. An error of w, or of the
// parcel's functions, ends it.
func Write(w io.Writer, p Parcel) error {
	return pack(w, &p, []file{
		{"index.html", writePage},
		{"data.json", writeJSON},
		{"data.csv", writeCSV},
		{"README.txt", writeReadme},
	})
}

// pack writes files into a zip file.
func pack(w io.Writer, p *Parcel, files []file) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(out, flate.DefaultCompression)
	})
	for _, f := range files {
		out, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: p.Head.Made})
		if err != nil {
			return fmt.Errorf("parcel %s: %w", f.name, err)
		}
		if err := f.write(out, p); err != nil {
			return fmt.Errorf("parcel %s: %w", f.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("parcel: %w", err)
	}
	return nil
}

// item returns what is known about an item. A category, or an item the policy no
// longer has, gives an Item with only its name.
func (p *Parcel) item(name string) Item {
	for i := range p.Items {
		if p.Items[i].Name == name {
			return p.Items[i]
		}
	}
	return Item{Name: name, Title: name, Category: name}
}

func (p *Parcel) system(name string) System {
	for _, s := range p.Head.Systems {
		if s.Name == name {
			return s
		}
	}
	return System{Name: name, Title: name}
}
