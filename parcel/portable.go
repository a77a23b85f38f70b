package parcel

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// The files of a portable package.
const (
	portableJSON   = "data.json"
	portableSchema = "schema.json"
	portableCSV    = "data.csv"
	portableMeta   = "data.csv-metadata.json"
)

// WritePortable writes the zip file of a request for portability (GDPR Art. 20):
// the values that the person gave or that were observed of them, for another
// controller's machines, without what only concerns the controller. data.json is
// described by schema.json (JSON Schema 2020-12), data.csv by
// data.csv-metadata.json (W3C CSV on the Web).
//
// The rows of p hold what may be taken along and nothing else; entries,
// disclosures and consents are left out.
func WritePortable(w io.Writer, p Parcel) error {
	return pack(w, &p, []file{
		{portableJSON, writePortable},
		{portableSchema, writeSchema},
		{portableCSV, writePortableCSV},
		{portableMeta, writeMetadata},
		{"README.txt", writePortableReadme},
	})
}

// A carried value is one value in the data.json of a portable package.
type carried struct {
	Item      string `json:"item"`
	Category  string `json:"category"`
	Title     string `json:"title"`
	Type      string `json:"type"`
	Value     string `json:"value"`
	Record    string `json:"record"`
	Source    string `json:"source"`
	Collected string `json:"collected,omitempty"`
}

func (p *Parcel) carried(each func(carried) error) error {
	items := map[string]Item{}
	for _, i := range p.Items {
		items[i.Name] = i
	}
	records := map[string]int{}
	return p.Rows(func(r Row) error {
		place := r.System + "\x00" + r.Collection + "\x00" + r.Key
		if records[place] == 0 {
			records[place] = len(records) + 1
		}
		for _, v := range r.Values {
			i, known := items[v.Item]
			if !known || v.Null || v.Set || v.Size > 0 {
				continue
			}
			err := each(carried{
				Item: v.Item, Category: i.Category, Title: i.Title, Type: v.Type, Value: v.Text.Reveal(),
				Record: strconv.Itoa(records[place]), Source: i.Source, Collected: r.Since,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func writePortable(w io.Writer, p *Parcel) error {
	out := &stream{w: w}
	out.text("{\n\"$schema\": \"" + portableSchema + "\",\n\"avow_portable\": 1,\n\"controller\": ")
	out.value(p.Head.Controller)
	out.text(",\n\"platform\": ")
	out.value(p.Head.Platform)
	out.text(",\n\"policy\": ")
	out.value(p.Head.Version)
	out.text(",\n\"made\": ")
	out.value(p.Head.Made)
	out.text(",\n\"values\": ")
	out.list(func(next func(any) error) error {
		return p.carried(func(c carried) error { return next(c) })
	})
	out.text("\n}\n")
	return out.err
}

// columns are those of the portable CSV file, with what each holds.
func columns() [][2]string {
	return [][2]string{
		{"item", "Name of the kind of data in the policy of the controller"},
		{"category", "Category in the Fides taxonomy, such as user.contact.email"},
		{"title", "What people call it"},
		{"type", "text, integer, number, boolean, date, time or json"},
		{"value", "The value, as text"},
		{"record", "Values with the same number belong together"},
		{"source", "Whether the person gave it or it was observed"},
		{"collected", "When it came, RFC 3339; empty where that is not known"},
	}
}

func writePortableCSV(w io.Writer, p *Parcel) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true // RFC 4180; no byte order mark and no escapes: it is for machines
	var head []string
	for _, col := range columns() {
		head = append(head, col[0])
	}
	if err := c.Write(head); err != nil {
		return err
	}
	err := p.carried(func(v carried) error {
		return c.Write([]string{v.Item, v.Category, v.Title, v.Type, v.Value, v.Record, v.Source, v.Collected})
	})
	if err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}

type object = map[string]any

// writeSchema writes the JSON Schema of data.json.
func writeSchema(w io.Writer, _ *Parcel) error {
	text := object{"type": "string"}
	fields, required := object{}, []string{}
	for _, col := range columns() {
		fields[col[0]] = object{"type": "string", "description": col[1]}
		if col[0] != "collected" {
			required = append(required, col[0])
		}
	}
	out := &stream{w: w}
	out.value(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Personal data of one person", "type": "object",
		"required": []string{"avow_portable", "controller", "platform", "policy", "made", "values"}, "additionalProperties": false,
		"properties": object{
			"$schema": text, "avow_portable": object{"const": 1}, "controller": text, "platform": text, "policy": text,
			"made":   object{"type": "string", "format": "date-time"},
			"values": object{"type": "array", "items": object{"type": "object", "properties": fields, "required": required, "additionalProperties": false}},
		},
	})
	out.text("\n")
	return out.err
}

// writeMetadata writes the description of data.csv (W3C CSV on the Web).
func writeMetadata(w io.Writer, _ *Parcel) error {
	var cols []object
	for _, col := range columns() {
		cols = append(cols, object{"name": col[0], "titles": col[0], "datatype": "string", "dc:description": col[1]})
	}
	out := &stream{w: w}
	out.value(object{
		"@context": "http://www.w3.org/ns/csvw", "url": portableCSV,
		"dialect": object{"encoding": "utf-8", "header": true, "lineTerminators": []string{"\r\n"}}, "tableSchema": object{"columns": cols},
	})
	out.text("\n")
	return out.err
}

func writePortableReadme(w io.Writer, p *Parcel) error {
	text := `{controller}

This package holds the data about you that you gave us or that was observed of
you, where we hold it by your consent or a contract (GDPR Art. 20). It is for
other programs; ask for access to see everything, with the reasons.

data.json                the values
schema.json              what data.json looks like (JSON Schema)
data.csv                 the same values as a table
data.csv-metadata.json   what the columns mean (W3C CSV on the Web)
`
	if strings.HasPrefix(strings.ToLower(p.Head.Language), "zh") {
		text = `{controller}

本数据包含您提供的或因您使用服务而产生、且我们基于您的同意或合同处理的
信息，供其他程序读取（《个人信息保护法》第四十五条，GDPR 第20条）。如需
查看全部信息及其说明，请提出查阅请求。

data.json                信息内容
schema.json              data.json 的结构（JSON Schema）
data.csv                 同样内容的表格
data.csv-metadata.json   各列的含义（W3C CSV on the Web）
`
	}
	_, err := io.WriteString(w, strings.Replace(text, "{controller}", p.Head.Controller, 1))
	return err
}
