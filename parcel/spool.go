package parcel

import (
	"encoding/json"
	"fmt"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/internal/seal"
)

// FromConnector turns a row that a system exported into a row of the parcel. In
// the vault's rows the plain columns collected, until and point say when and where
// the values came and when they go.
func FromConnector(system string, vault bool, r connector.Row) Row {
	row := Row{System: system, Collection: r.Collection, Key: r.Key, Role: string(r.Role)}
	for _, v := range r.Values {
		if vault && v.Item == "" && !v.Null {
			switch v.Column {
			case "collected", "since":
				row.Since = v.Text.Reveal()
				continue
			case "until":
				row.Until = v.Text.Reveal()
				continue
			case "point":
				row.Point = v.Text.Reveal()
				continue
			}
		}
		out := Value{Column: v.Column, Item: v.Item, Type: v.Type, Text: v.Text, Null: v.Null, Set: v.Secret}
		if v.Type == "blob" {
			out.Size = v.Size
		}
		if out.Set {
			out.Text = seal.Personal{}
		}
		row.Values = append(row.Values, out)
	}
	return row
}

// plainRow is a Row in clear, for the sealed spool only.
type plainRow struct {
	System, Collection, Key, Role string
	Since, Until, Point           string       `json:",omitempty"`
	Values                        []plainValue `json:",omitempty"`
}

type plainValue struct {
	Column, Item, Type string `json:",omitempty"`
	Text               string `json:",omitempty"`
	Null, Set          bool   `json:",omitempty"`
	Size               int    `json:",omitempty"`
}

// Encode returns a row in clear, one line of JSON with its end, for whoever seals
// it at once.
func Encode(r Row) ([]byte, error) {
	p := plainRow{r.System, r.Collection, r.Key, r.Role, r.Since, r.Until, r.Point, nil}
	for _, v := range r.Values {
		p.Values = append(p.Values, plainValue{v.Column, v.Item, v.Type, v.Text.Reveal(), v.Null, v.Set, v.Size})
	}
	b, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("parcel row: %w", err)
	}
	return append(b, '\n'), nil
}

// Decode reads a line that [Encode] wrote.
func Decode(line []byte) (Row, error) {
	var p plainRow
	if err := json.Unmarshal(line, &p); err != nil {
		return Row{}, fmt.Errorf("parcel row: it is not what was written")
	}
	r := Row{p.System, p.Collection, p.Key, p.Role, p.Since, p.Until, p.Point, nil}
	for _, v := range p.Values {
		r.Values = append(r.Values, Value{v.Column, v.Item, v.Type, seal.NewPersonal(v.Text), v.Null, v.Set, v.Size})
	}
	return r, nil
}
