package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"github.com/avow-dev/avow/connector"
)

// planDomain keeps the hash of a plan from being the hash of anything else.
const planDomain = "avow plan 1\n"

// Bytes returns the one form of a plan: compact JSON with the fields in the
// order of the types, map keys sorted, and nothing escaped that need not be.
func (p *Plan) Bytes() []byte { return canonical(p) }

// Hash returns the SHA-256 of a plan in hex: what an approval binds.
func (p *Plan) Hash() string { return digest(planDomain, p.Bytes()) }

// Read returns the plan that [Plan.Bytes] wrote.
func Read(b []byte) (*Plan, error) {
	p := &Plan{}
	if err := strict(b, p); err != nil {
		return nil, fmt.Errorf("plan read: %w", err)
	}
	if p.Format != 1 {
		return nil, fmt.Errorf("plan read: format %d is not known", p.Format)
	}
	return p, nil
}

// Public is a plan without row keys: what staff see before they approve.
type Public struct {
	Plan
	Hash string `json:"hash"` // of the whole plan, keys included
}

// Public returns the plan without row keys, and its hash.
func (p *Plan) Public() Public {
	out := Public{Plan: *p, Hash: p.Hash()}
	out.Systems = make([]System, len(p.Systems))
	for i, s := range p.Systems {
		out.Systems[i] = s
		out.Systems[i].Collections = make([]Collection, len(s.Collections))
		for j, c := range s.Collections {
			c.Keys = nil
			out.Systems[i].Collections[j] = c
		}
	}
	return out
}

// A Difference is what changed between plan and act in one collection.
type Difference struct {
	System     string           `json:"system"`
	Collection string           `json:"collection"`
	Action     connector.Action `json:"action"` // what would be done now
	Added      int              `json:"added"`  // rows of the person that the plan does not name
}

// Differ returns what now holds beyond what was planned for the same system: rows
// the plan does not name, or rows to which something else would be done. Rows
// that are gone do not matter: what is not there need not be erased.
func Differ(planned *System, now *System) []Difference {
	type place struct {
		collection string
		action     connector.Action
		columns    string
	}
	at := func(c Collection) place { return place{c.Name, c.Action, fmt.Sprintf("%q", c.Columns)} }
	known := map[place]map[string]bool{}
	for _, c := range planned.Collections {
		keys := known[at(c)]
		if keys == nil {
			keys = make(map[string]bool, len(c.Keys))
			known[at(c)] = keys
		}
		for _, k := range c.Keys {
			keys[k] = true
		}
	}
	var out []Difference
	for _, c := range now.Collections {
		added, keys := 0, known[at(c)]
		for _, k := range c.Keys {
			if !keys[k] {
				added++
			}
		}
		if added > 0 {
			out = append(out, Difference{now.Name, c.Name, c.Action, added})
		}
	}
	return out
}

// canonical encodes plain data in its one form.
func canonical(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("plan: plain data does not encode: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func digest(domain string, b []byte) string {
	h := sha256.New()
	io.WriteString(h, domain)
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))
}

// strict decodes one JSON value with no unknown field and nothing after it.
func strict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("something follows the end of the document")
	}
	return nil
}
