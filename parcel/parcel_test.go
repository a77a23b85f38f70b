package parcel

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func text(column, item, value string) connector.Value {
	return connector.Value{Column: column, Item: item, Type: "text", Text: seal.NewPersonal(value)}
}

func sample(language string) Parcel {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	rows := []Row{
		FromConnector("shop", false, connector.Row{Collection: "customers", Key: "7", Role: connector.Self, Values: []connector.Value{
			text("email", "account.email", "mia@lamp.test"), text("name", "user.name", `Mia <script>alert("x")</script> & Co`),
			{Column: "password", Item: "account.password", Type: "text", Secret: true, Text: seal.NewPersonal("hunter2")},
			{Column: "photo", Item: "user.image", Type: "blob", Size: 1234},
			{Column: "born", Item: "user.birth", Type: "date", Null: true},
		}}),
		FromConnector("shop", false, connector.Row{Collection: "orders", Key: "1", Role: connector.Owns, Values: []connector.Value{text("note", "order.history", `=HYPERLINK("http://evil.test")`)}}),
		FromConnector("shop", false, connector.Row{Collection: "orders", Key: "2", Role: connector.Owns, Values: []connector.Value{text("note", "order.history", "two\r\nlines, \"quoted\"")}}),
		FromConnector("vault", true, connector.Row{Collection: "account", Key: "10", Role: connector.Self, Values: []connector.Value{
			text("account.phone", "account.phone", "+49 30 901820"), text("collected", "", "2026-02-01T10:00:00Z"), text("point", "", "registration"),
		}}),
	}
	return Parcel{
		Head: Head{
			Platform: "Lamp Shop", Controller: "Lamp Shop GmbH", Request: "req_1", Subject: "sub_1", Policy: "2026-01-01", Version: "sha256:ab", Language: language,
			Received: at, Made: at, Expires: at.Add(720 * time.Hour), Systems: []System{{Name: "shop", Title: "Web shop", Rows: 3}, {Name: "crm", Title: "CRM"}, {Name: "vault", Title: "Vault", Vault: true, Rows: 1}},
		},
		Items: []Item{
			{Name: "account.email", Title: "E-mail", Category: "user.contact.email", Purposes: []string{"Your account", "News"}, Source: "you gave it", Kept: "until the account is closed", Recipients: []string{"Post AG"}},
			{Name: "account.phone", Title: "Phone", Category: "user.contact.phone_number", Purposes: []string{"Your account"}, Source: "you gave it"},
		},
		Disclosures: []Disclosure{{At: at, Recipient: "Post AG", Purpose: "News", Scenario: "entrusted", Items: []string{"E-mail"}}},
		Consents:    []Consent{{At: at, Purpose: "News", Said: "yes", Policy: "sha256:ab", Channel: "web"}},
		Rows: func(emit func(Row) error) error {
			for _, r := range rows {
				if err := emit(r); err != nil {
					return err
				}
			}
			return nil
		},
		Entries: func(emit func(Entry) error) error {
			return emit(Entry{Number: 4, At: "2026-03-01T09:00:00Z", Kind: "Your data was used", Details: []Detail{{"purpose", "News"}}})
		},
	}
}

func write(t testing.TB, p Parcel) (zipped []byte, files map[string]string) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, p); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	return b.Bytes(), files
}

func TestAPackageIsTheSameBytesEachTime(t *testing.T) {
	a, _ := write(t, sample("en"))
	b, _ := write(t, sample("en"))
	if !bytes.Equal(a, b) {
		t.Error("the same parcel gives two different files")
	}
}

func TestTheDataFilesHoldEveryValueExactly(t *testing.T) {
	_, files := write(t, sample("en"))
	var data struct {
		Values []struct {
			System, Collection, Record, Column, Since string
			Value                                     *string
			Set                                       bool
			Bytes                                     int
		}
		Disclosures, Consents, Log, Items []map[string]any
	}
	if err := json.Unmarshal([]byte(files["data.json"]), &data); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range data.Values {
		switch {
		case v.Set:
			got = append(got, v.Column+"=set")
		case v.Bytes > 0:
			got = append(got, fmt.Sprintf("%s=%d bytes", v.Column, v.Bytes))
		case v.Value == nil:
			got = append(got, v.Column+"=null")
		default:
			got = append(got, v.Column+"="+*v.Value)
		}
	}
	want := []string{
		"email=mia@lamp.test", `name=Mia <script>alert("x")</script> & Co`, "password=set", "photo=1234 bytes", "born=null",
		`note==HYPERLINK("http://evil.test")`, "note=two\r\nlines, \"quoted\"", "account.phone=+49 30 901820",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(data.Disclosures) != 1 || len(data.Consents) != 1 || len(data.Log) != 1 || len(data.Items) != 2 || data.Values[7].Since != "2026-02-01T10:00:00Z" {
		t.Error("a ledger, or when a value came, is missing from data.json")
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(files["data.csv"], "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+len(want) {
		t.Fatalf("data.csv has %d lines for %d values", len(rows)-1, len(want))
	}
	if v := rows[6][7]; v != `'=HYPERLINK("http://evil.test")` {
		t.Errorf("a formula reaches the spreadsheet as %q", v)
	}
	if v := rows[8][7]; v != "+49 30 901820" {
		t.Errorf("a telephone number became %q", v)
	}
}

func TestASecretIsNeverShown(t *testing.T) {
	_, files := write(t, sample("en"))
	for name, content := range files {
		if strings.Contains(content, "hunter2") {
			t.Errorf("%s shows a secret", name)
		}
	}
	if !strings.Contains(files["index.html"], "set (a secret; not shown)") {
		t.Error("the page does not say that a secret is set")
	}
}

func TestThePageIsReadableAndNeedsNothing(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		_, files := write(t, sample(language))
		page := files["index.html"]
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		depth := map[string]int{}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			depth[n.Data]++
			for _, a := range n.Attr {
				if a.Key == "src" || a.Key == "style" || strings.HasPrefix(a.Key, "on") || a.Key == "href" && !strings.HasPrefix(a.Val, "#") {
					t.Errorf("%s: <%s %s=%q> reaches out of the page", language, n.Data, a.Key, a.Val)
				}
			}
		}
		if depth["script"]+depth["img"]+depth["link"]+depth["iframe"] > 0 || depth["h1"] != 1 || depth["main"] != 1 || depth["html"] != 1 {
			t.Errorf("%s: the page holds %v", language, depth)
		}
		if strings.Count(page, "<table>") != strings.Count(page, "</table>") || depth["table"] != strings.Count(page, "<table>") {
			t.Errorf("%s: a table is left open", language)
		}
		for _, want := range []string{"mia@lamp.test", "Mia &lt;script&gt;", "+49 30 901820", "Post AG", "user.contact.email", "2026-02-01T10:00:00Z", "Web shop", `lang="` + language + `"`} {
			if !strings.Contains(page, strings.ReplaceAll(want, "+", "&#43;")) && !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %q", language, want)
			}
		}
	}
	_, files := write(t, sample("zh-CN"))
	if !strings.Contains(files["index.html"], "我们持有的您的信息") || !strings.Contains(files["README.txt"], "政策") {
		t.Error("the Chinese package speaks English")
	}
	if !strings.Contains(files["index.html"], "此处没有您的数据") {
		t.Error("a system that holds nothing is not told")
	}
}

func TestRowsSurviveTheSpool(t *testing.T) {
	p := sample("en")
	err := p.Rows(func(r Row) error {
		line, err := Encode(r)
		if err != nil {
			return err
		}
		if bytes.Count(line, []byte("\n")) != 1 {
			t.Error("a row takes more than one line")
		}
		back, err := Decode(line)
		if err != nil {
			return err
		}
		if diff := cmp.Diff(r, back, cmp.Comparer(func(a, b seal.Personal) bool { return a.Reveal() == b.Reveal() })); diff != "" {
			t.Error(diff)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMemoryDoesNotGrowWithThePerson(t *testing.T) {
	p := sample("en")
	one := FromConnector("shop", false, connector.Row{Collection: "orders", Key: "1", Role: connector.Owns, Values: []connector.Value{text("note", "order.history", "a lamp")}})
	p.Rows = func(emit func(Row) error) error {
		for range 50_000 {
			if err := emit(one); err != nil {
				return err
			}
		}
		return nil
	}
	largest := 0
	if err := Write(writerFunc(func(b []byte) (int, error) { largest = max(largest, len(b)); return len(b), nil }), p); err != nil {
		t.Fatal(err)
	}
	if largest > 1<<20 {
		t.Errorf("the package came in a piece of %d bytes", largest)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"System":"shop","Values":[{"Column":"a","Text":"b"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Decode(b)
		if err != nil {
			return
		}
		if _, err := Encode(r); err != nil {
			t.Errorf("a row that was read cannot be written: %v", err)
		}
	})
}
