package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/policy"
)

// receiptDomain keeps the hash of a receipt's body from being the hash of
// anything else.
const receiptDomain = "avow receipt 1\n"

// A Receipt is what a person keeps. It holds no personal value.
type Receipt struct {
	Body  Body        `json:"body"`
	Proof audit.Proof `json:"proof"` // of the Delivered entry, which binds the body
}

// A Body says what was asked for and what was done. All times are UTC.
type Body struct {
	Format     int              `json:"avow_receipt"` // 1
	Log        string           `json:"log"`          // origin of the log the proof is from
	Controller Text             `json:"controller"`
	Request    string           `json:"request"`
	Subject    string           `json:"subject,omitempty"` // public id; empty where nobody was known by the identifiers
	Right      policy.RightKind `json:"right"`
	Scope      string           `json:"scope"`
	Policy     Version          `json:"policy"`
	Clock      Clock            `json:"clock"`
	Plan       string           `json:"plan"` // hash of the plan that was approved
	Systems    []Result         `json:"systems"`
	Corrects   []string         `json:"corrects,omitempty"`   // items that got a new value
	Recipients []Told           `json:"recipients,omitempty"` // who had received the data before
	Package    *Package         `json:"package,omitempty"`    // of an access request
	Silent     *Silent          `json:"silent,omitempty"`     // of an erasure
	Outside    []Statement      `json:"outside"`              // what avow cannot answer for
}

// A Version names the policy that was followed.
type Version struct {
	Version string `json:"version"` // hash
	Label   string `json:"label"`   // as its owner calls it
}

// A Clock says when things happened and when they were due.
type Clock struct {
	Received  time.Time `json:"received"`
	Verified  time.Time `json:"verified"`
	Method    string    `json:"method"` // how the person was verified
	Approved  time.Time `json:"approved"`
	Finished  time.Time `json:"finished"` // the last step before delivery
	ReplyDue  *Due      `json:"reply_due,omitempty"`
	DoneDue   *Due      `json:"done_due,omitempty"`
	PausedFor string    `json:"paused_for,omitempty"` // time the clocks stood still, as Go prints a duration
}

// A Due is a deadline and the rule that set it: the policy, or a law.
type Due struct {
	At   time.Time `json:"at"`
	Rule string    `json:"rule"`
	Cite string    `json:"cite,omitempty"`
}

// A Told is a recipient of the data, and when they were told what became of it
// (GDPR Art. 19).
type Told struct {
	Name  string     `json:"name"`
	Title Text       `json:"title"`
	Items []string   `json:"items"`
	At    *time.Time `json:"told,omitempty"`
}

// A Result is what was planned and observed in one system.
type Result struct {
	Name        string    `json:"name"`
	Kind        string    `json:"kind"`
	Collections []Counted `json:"collections"`
	Notes       []string  `json:"notes,omitempty"` // facts told by the system: what it still holds, and until when
	Search      *Searched `json:"search,omitempty"`
	Reread      *Reading  `json:"reread,omitempty"`
	ByHand      []string  `json:"by_hand,omitempty"` // places where people attested that they did it
}

// A Reading is what reading a system again showed after a correction or a
// restriction.
type Reading struct {
	At   time.Time `json:"at"`
	Rows int       `json:"rows"` // read
	New  int       `json:"new"`  // of them, rows that hold the new value or the mark
	Old  int       `json:"old"`  // rows that hold the old one: always 0 on a receipt
}

// A Counted is what happened to rows of one collection. Of an erasure Planned is
// the sum of Done, Already and Moved.
type Counted struct {
	Name    string               `json:"name"`
	Action  connector.Action     `json:"action"`
	Planned int                  `json:"planned"`
	Done    int                  `json:"done"`
	Already int                  `json:"already"`        // found so: before the request, or by a try that was interrupted
	Moved   int                  `json:"moved"`          // no longer the person's: left alone
	Keep    *connector.Retention `json:"keep,omitempty"` // why the rows stay, and until when
	Leaves  []Left               `json:"leaves,omitempty"`
}

// A Searched is the independent search of a system after the erasure.
type Searched struct {
	At      time.Time `json:"at"`
	Tables  int       `json:"tables"`
	Rows    int       `json:"rows"`
	Kept    int       `json:"kept"`    // hits in rows that are kept on a ground
	Residue int       `json:"residue"` // hits that should not be there: always 0 on a receipt
	Skipped []string  `json:"skipped,omitempty"`
}

// A Package is what an access request gave.
type Package struct {
	Digest  string    `json:"sha256"` // of the zip file
	Size    int64     `json:"bytes"`
	Values  int       `json:"values"`
	Entries int       `json:"entries"` // of the log about the person, that the package shows
	Expires time.Time `json:"expires"` // after this the controller's copy of the package is gone
}

// Silent says from when on no byte of what was erased can be had from anything
// avow holds, backups of its keys included.
type Silent struct {
	Epoch int64      `json:"epoch"`          // of the key store when the receipt was made
	Next  *time.Time `json:"next,omitempty"` // when the following epoch is due, where that is set
	Text  Text       `json:"text"`
}

// A Statement names something outside avow's reach, by a stable code and in words.
type Statement struct {
	Code string `json:"code"`
	Text Text   `json:"text"`
}

// A Text is words in each language, by its tag.
type Text map[string]string

// Hash returns the SHA-256 of a body: what the Delivered entry binds as its
// [audit.TagHash].
func (b *Body) Hash() []byte {
	h := sha256.New()
	io.WriteString(h, receiptDomain)
	h.Write(canonical(b))
	return h.Sum(nil)
}

// Bytes returns the body in the form in which it is stored until its proof can
// be had.
func (b *Body) Bytes() []byte { return canonical(b) }

// ReadBody returns the body that [Body.Bytes] wrote.
func ReadBody(file []byte) (*Body, error) {
	b := &Body{}
	return b, strict(file, b)
}

// File returns the receipt in its one form: indented JSON and a line end.
func (r *Receipt) File() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		panic("plan: a receipt does not encode: " + err.Error())
	}
	return b.Bytes()
}

// NotYet is the Silent of an erasure that was just carried out.
func NotYet(epoch int64, next *time.Time) *Silent {
	return &Silent{Epoch: epoch, Next: next, Text: Text{
		"en":    "Not yet. The keys of what was erased are destroyed. Old copies of the key store fall silent at the end of the first change of epoch after this receipt: from then on nothing that was erased can be read from any file, log or backup of avow.",
		"zh-CN": "尚未完全静默。被删除数据的密钥已经销毁。本回执之后的第一次密钥周期更换结束时，密钥库的旧副本随之失效：自此，avow 的任何文件、日志或备份都无法再还原已删除的内容。",
	}}
}

// Count adds n to the list, to the entry for the same collection and action where
// there is one and neither is kept for a reason of its own.
func Count(list []Counted, n Counted) []Counted {
	for i := range list {
		c := &list[i]
		if c.Name == n.Name && c.Action == n.Action && c.Keep == nil && n.Keep == nil && c.Leaves == nil && n.Leaves == nil {
			c.Planned, c.Done, c.Already, c.Moved = c.Planned+n.Planned, c.Done+n.Done, c.Already+n.Already, c.Moved+n.Moved
			return list
		}
	}
	return append(list, n)
}
