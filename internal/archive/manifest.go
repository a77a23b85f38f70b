package archive

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/journal"
)

// Format is the version of the file this package writes and reads.
const Format = 1

// A Manifest says what an archive is of. It stands at the beginning of the file,
// in clear, and holds no personal data.
type Manifest struct {
	Format     int
	Platform   string // "" for the server store
	Store      db.Store
	Engine     db.Engine // that it was written on; it loads on either
	At         time.Time // business time
	Journals   []journal.Head
	Epoch      int64 // keys: the epoch they are wrapped in; 0 for other stores
	Log        LogMark
	Migrations []string
	Tables     []Table
}

// A LogMark says where the tamper-evident log stood (data stores). It may be a
// little behind the rows: entries without a place yet are archived too.
type LogMark struct {
	Size       int64  `json:"size"`
	Checkpoint string `json:"checkpoint"` // signed note; "" while the log is empty
}

// A Table is a table of the store, with the rows it had.
type Table struct {
	Name    string
	Columns []db.Column
	Rows    int64
}

// Rows returns how many rows the archive has.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// The JSON of the manifest: its names never change within a format.
type (
	manifestJSON struct {
		Avow       string        `json:"avow"` // what the file is
		Format     int           `json:"format"`
		Platform   string        `json:"platform"`
		Store      db.Store      `json:"store"`
		Engine     db.Engine     `json:"engine"`
		At         string        `json:"at"`
		Journals   []journalJSON `json:"journals"`
		Epoch      int64         `json:"epoch"`
		Log        LogMark       `json:"log"`
		Migrations []string      `json:"migrations"`
		Tables     []tableJSON   `json:"tables"`
	}
	journalJSON struct {
		Count int64  `json:"count"`
		Last  string `json:"last"`
		Chain string `json:"chain"`
	}
	tableJSON struct {
		Name    string      `json:"name"`
		Columns [][2]string `json:"columns"` // name, type
		Rows    int64       `json:"rows"`
	}
)

const title = "archive"

// MarshalJSON encodes the manifest as it stands in the file.
func (m Manifest) MarshalJSON() ([]byte, error) {
	j := manifestJSON{
		Avow: title, Format: m.Format, Platform: m.Platform, Store: m.Store, Engine: m.Engine, At: stamp(m.At), Epoch: m.Epoch,
		Log: m.Log, Migrations: slices.Concat([]string{}, m.Migrations), Journals: []journalJSON{}, Tables: []tableJSON{},
	}
	for _, h := range m.Journals {
		j.Journals = append(j.Journals, journalJSON{h.Count, stamp(h.Last), hex.EncodeToString(h.Chain[:])})
	}
	for _, t := range m.Tables {
		out := tableJSON{Name: t.Name, Rows: t.Rows, Columns: [][2]string{}}
		for _, c := range t.Columns {
			out.Columns = append(out.Columns, [2]string{c.Name, c.Type})
		}
		j.Tables = append(j.Tables, out)
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads exactly what MarshalJSON writes, and nothing else.
func (m *Manifest) UnmarshalJSON(b []byte) error {
	var j manifestJSON
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if d.Decode(&j) != nil || j.Avow != title {
		return errManifest
	}
	out := Manifest{
		Format: j.Format, Platform: j.Platform, Store: j.Store, Engine: j.Engine, Epoch: j.Epoch, Log: j.Log, Migrations: j.Migrations,
	}
	ok := true
	out.At = unstamp(j.At, &ok)
	for _, h := range j.Journals {
		head := journal.Head{Count: h.Count, Last: unstamp(h.Last, &ok)}
		chain, err := hex.DecodeString(h.Chain)
		if err != nil || len(chain) != len(head.Chain) || h.Count < 0 {
			return errManifest
		}
		head.Chain = [32]byte(chain)
		out.Journals = append(out.Journals, head)
	}
	for _, t := range j.Tables {
		table := Table{Name: t.Name, Rows: t.Rows}
		for _, c := range t.Columns {
			_, known := kindOf(c[1])
			ok = ok && known
			table.Columns = append(table.Columns, db.Column{Name: c[0], Type: c[1]})
		}
		ok = ok && t.Rows >= 0 && len(t.Columns) > 0
		out.Tables = append(out.Tables, table)
	}
	if again, err := json.Marshal(out); err != nil || !ok || !bytes.Equal(again, b) {
		return errManifest
	}
	*m = out
	return nil
}

// errManifest says that a manifest is not one that this package writes.
var errManifest = fault.New(fault.Invalid, "the archive's manifest cannot be read; use another copy of the archive")

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func unstamp(s string, ok *bool) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	*ok = *ok && err == nil
	return t.UTC()
}
