package parcel

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

func portable(t testing.TB, p Parcel) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := WritePortable(&b, p); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(content)
	}
	return out
}

func TestAPortablePackageIsWhatItsSchemaSays(t *testing.T) {
	got := portable(t, sample("en"))
	var data struct {
		Schema string              `json:"$schema"`
		Values []map[string]string `json:"values"`
	}
	if err := json.Unmarshal([]byte(got["data.json"]), &data); err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Required   []string                   `json:"required"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal([]byte(got["schema.json"]), &schema); err != nil {
		t.Fatal(err)
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal([]byte(got["data.json"]), &whole); err != nil {
		t.Fatal(err)
	}
	for _, name := range schema.Required {
		if whole[name] == nil {
			t.Errorf("data.json lacks %s, which its schema requires", name)
		}
	}
	for name := range whole {
		if schema.Properties[name] == nil {
			t.Errorf("data.json has %s, which its schema does not know", name)
		}
	}
	var values struct {
		Items struct {
			Required   []string                   `json:"required"`
			Properties map[string]json.RawMessage `json:"properties"`
		} `json:"items"`
	}
	if err := json.Unmarshal(schema.Properties["values"], &values); err != nil {
		t.Fatal(err)
	}
	if data.Schema != "schema.json" || len(data.Values) != 2 || len(values.Items.Required) < 7 {
		t.Fatalf("%d values under %q", len(data.Values), data.Schema)
	}
	for _, v := range data.Values {
		for name := range v {
			if values.Items.Properties[name] == nil {
				t.Errorf("a value has %s, which the schema does not know", name)
			}
		}
		for _, name := range values.Items.Required {
			if _, ok := v[name]; !ok {
				t.Errorf("a value lacks %s", name)
			}
		}
	}
}

func TestAPortableTableHasTheColumnsItsDescriptionNames(t *testing.T) {
	got := portable(t, sample("en"))
	rows, err := csv.NewReader(strings.NewReader(got["data.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var meta struct {
		URL         string `json:"url"`
		TableSchema struct {
			Columns []struct {
				Name string `json:"name"`
			} `json:"columns"`
		} `json:"tableSchema"`
	}
	if err := json.Unmarshal([]byte(got["data.csv-metadata.json"]), &meta); err != nil {
		t.Fatal(err)
	}
	if meta.URL != "data.csv" || len(rows) != 3 || len(rows[0]) != len(meta.TableSchema.Columns) {
		t.Fatalf("%d rows of %d columns, described are %d", len(rows), len(rows[0]), len(meta.TableSchema.Columns))
	}
	for i, c := range meta.TableSchema.Columns {
		if rows[0][i] != c.Name {
			t.Errorf("column %d is %s, described as %s", i, rows[0][i], c.Name)
		}
	}
	if rows[1][4] != "mia@lamp.test" || rows[2][4] != "+49 30 901820" || rows[1][5] == rows[2][5] {
		t.Errorf("the values are %q", rows[1:])
	}
}

func TestAPortablePackageHoldsNeitherSecretsNorTheLog(t *testing.T) {
	for name, content := range portable(t, sample("zh-CN")) {
		for _, not := range []string{"hunter2", "Post AG", "Your data was used"} {
			if strings.Contains(content, not) {
				t.Errorf("%s holds %q", name, not)
			}
		}
		if name == "README.txt" && !strings.Contains(content, "第四十五条") {
			t.Error("the note is not in the reader's language")
		}
	}
}
