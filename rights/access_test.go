package rights

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// files unzips a package.
func files(t testing.TB, zipped []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(b)
	}
	return out
}

func TestAPackageHoldsEverythingOfThePersonAndNothingOfOthers(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		s.people()
		id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		s.wants(id, VerifiedAfter)
		var zipped bytes.Buffer
		s.must(s.rights.Deliver(ctx, id, s.owner(id), &zipped))
		s.wants(id, Delivered)
		for name, content := range files(t, zipped.Bytes()) {
			lower := strings.ToLower(content)
			if strings.Contains(lower, "ben") && name != "README.txt" {
				t.Errorf("%s holds something of Ben's", name)
			}
			if strings.Contains(content, "mia-secret") || strings.Contains(content, "S3cret-") || strings.Contains(content, "$argon2id") {
				t.Errorf("%s shows a secret", name)
			}
			if name == "README.txt" {
				continue
			}
			for _, want := range []string{
				"mia@lamp.test", "30901820", "Mia Miesbach", "Miaweg 1", "for mia bedroom", "mia lamp two", "2026-01-03", "mia asks for light", "mia bought a moon lamp",
			} {
				if !strings.Contains(content, want) {
					t.Errorf("%s lacks %q", name, want)
				}
			}
		}
		s.checkPackage(id, zipped.Bytes())
	})
}

// checkPackage compares a package with its receipt and with its own parts.
func (s *stack) checkPackage(id ID, zipped []byte) {
	s.t.Helper()
	file, err := s.rights.Receipt(s.t.Context(), id)
	s.must(err)
	report, err := plan.VerifyReceipt(file, s.log.Key())
	s.must(err)
	sum := sha256.Sum256(zipped)
	got := report.Body.Package
	if got == nil || got.Digest != hex.EncodeToString(sum[:]) || got.Size != int64(len(zipped)) {
		s.t.Fatalf("the receipt is about another package: %+v", got)
	}
	var data struct {
		Values, Log []map[string]any
		Items       []map[string]any
	}
	s.must(json.Unmarshal([]byte(files(s.t, zipped)["data.json"]), &data))
	if len(data.Log) != got.Entries || got.Entries < 5 {
		s.t.Errorf("%d entries of the log, the receipt says %d", len(data.Log), got.Entries)
	}
	seen := map[string]bool{}
	for _, e := range data.Log {
		seen[fmt.Sprint(e["kind"])] = true
	}
	for _, want := range []string{"You were registered", "Data was collected", "You made a request", "Your request was approved"} {
		if !seen[want] {
			s.t.Errorf("the package does not tell: %s", want)
		}
	}
	for _, v := range data.Values {
		if v["system"] == "vault" && v["since"] == nil {
			s.t.Errorf("the package does not tell since when %v is held", v["column"])
		}
	}
}

func TestAPackageIsFetchedAgainUntilItExpires(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		mia, _ := s.people()
		id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
		if err := s.rights.Deliver(ctx, id, s.owner(id), io.Discard); fault.Of(err) != fault.Conflict {
			t.Errorf("a package is handed out before there is one: %v", err)
		}
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		var first, second bytes.Buffer
		s.must(s.rights.Deliver(ctx, id, s.owner(id), &first))
		s.must(s.rights.Deliver(ctx, id, s.owner(id), &second))
		if !bytes.Equal(first.Bytes(), second.Bytes()) || s.show(id).Fetched != 2 {
			t.Errorf("fetched twice: %d and %d bytes, counted %d", first.Len(), second.Len(), s.show(id).Fetched)
		}
		if n := s.entries(mia.Num, audit.Delivered); n != 1 {
			t.Errorf("%d deliveries in the log", n)
		}
		s.clock.Add(31 * 24 * time.Hour)
		if err := s.rights.Deliver(ctx, id, s.owner(id), io.Discard); fault.Of(err) != fault.NotFound {
			t.Errorf("an expired package is handed out: %v", err)
		}
		s.run()
		if v := s.wants(id, Delivered); v.KeyEnded == nil {
			t.Error("the key of an expired package lives on")
		}
		if n := s.rows(`SELECT count(*) FROM rights_parcel`) + s.rows(`SELECT count(*) FROM rights_spool`); n != 0 {
			t.Errorf("%d pieces of a package are left", n)
		}
		if _, err := s.rights.Receipt(ctx, id); err != nil {
			t.Errorf("the receipt went with the package: %v", err)
		}
	})
}

func TestAPackageNobodyFetchesExpires(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		s.clock.Add(31 * 24 * time.Hour)
		s.run()
		if v := s.wants(id, Expired); v.KeyEnded == nil {
			t.Error("the key of a package nobody fetched lives on")
		}
	})
}

func TestNothingIsHandedOutBeforeTheEntryIsDurable(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		s.people()
		id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
		s.must(s.rights.Run(t.Context(), id, support()))
		s.run()
		ctx, cancel := context.WithCancel(context.Background())
		s.rights.passed = func(point string) {
			if point == "rights.deliver.before-commit" {
				cancel()
			}
		}
		var got bytes.Buffer
		if err := s.rights.Deliver(ctx, id, s.owner(id), &got); err == nil || got.Len() > 0 {
			t.Errorf("the entry was not written, and %d bytes went out (%v)", got.Len(), err)
		}
		s.rights.passed = nil
		s.wants(id, VerifiedAfter)
		if err := s.rights.Deliver(context.Background(), id, s.owner(id), &failing{}); !errors.Is(err, errTest) {
			t.Errorf("the reader's error is lost: %v", err)
		}
		s.must(s.rights.Deliver(context.Background(), id, s.owner(id), &got)) // a broken download can be repeated
		s.checkPackage(id, got.Bytes())
	})
}

// A wide system says it holds many rows: a person with a long history.
type wide struct {
	connector.System
	rows int
}

func (w *wide) Survey(ctx context.Context, leave gate.Warrant, s connector.Subject) (*connector.Survey, error) {
	out, err := w.System.Survey(ctx, leave, s)
	if err == nil {
		f := connector.Found{Collection: "events", Why: "events.customer_id", Role: connector.Owns, Action: connector.Delete, Items: []string{"user.behavior"}}
		for i := range w.rows {
			f.Keys = append(f.Keys, fmt.Sprint(i))
		}
		out.Found = append(out.Found, f)
	}
	return out, err
}

func (w *wide) Export(ctx context.Context, leave gate.Warrant, s connector.Subject, sv *connector.Survey, emit func(connector.Row) error) error {
	for i := range w.rows {
		r := connector.Row{Collection: "events", Key: fmt.Sprint(i), Role: connector.Owns, Values: []connector.Value{
			{Column: "what", Item: "user.behavior", Type: "text", Text: identifiers("x", fmt.Sprintf("visit %d of a long history", i))[0].Value},
		}}
		if err := emit(r); err != nil {
			return err
		}
	}
	narrow := *sv
	narrow.Found = sv.Found[:len(sv.Found)-1]
	return w.System.Export(ctx, leave, s, &narrow, emit)
}

func TestALongHistoryIsSealedInPieces(t *testing.T) {
	s := newStack(t, db.SQLite)
	s.shut()
	s.around = func(sys connector.System) connector.System { return &wide{System: sys, rows: 30_000} }
	s.open()
	s.people()
	id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
	s.must(s.rights.Run(t.Context(), id, support()))
	largest := int64(0)
	s.rights.passed = func(point string) {
		if point == "rights.pack.before-part" {
			largest = max(largest, s.rows(`SELECT coalesce(max(length(sealed)), 0) FROM rights_spool`))
		}
	}
	s.run()
	s.wants(id, VerifiedAfter)
	if largest == 0 || largest > partSize+4096 {
		t.Errorf("the largest sealed piece has %d bytes", largest)
	}
	if n := s.rows(`SELECT count(*) FROM rights_spool`); n != 0 {
		t.Errorf("%d pieces of the spool outlive the package", n)
	}
	var zipped bytes.Buffer
	s.must(s.rights.Deliver(t.Context(), id, s.owner(id), &zipped))
	content := files(t, zipped.Bytes())
	for _, name := range []string{"index.html", "data.json", "data.csv"} {
		if n := strings.Count(content[name], "of a long history"); n != 30_000 {
			t.Errorf("%s holds %d of 30000 rows", name, n)
		}
	}
}

// rows returns the number a query of the data store gives.
func (s *stack) rows(query string) (n int64) {
	s.t.Helper()
	s.must(s.data.Read(context.Background(), func(r *db.Snapshot) error {
		return r.Row(context.Background(), query).Scan(&n)
	}))
	return n
}

// entries counts the log entries of a kind about a subject.
func (s *stack) entries(num int64, k audit.Kind) (n int) {
	s.t.Helper()
	s.must(s.data.Read(context.Background(), func(r *db.Snapshot) error {
		list, err := s.log.Entries(context.Background(), r, audit.Filter{Subject: num, Kind: k, Limit: 1000})
		n = len(list)
		return err
	}))
	return n
}

// unclosed asks with an act whether there are requests of a person that have not ended.
func (s *stack) unclosed(num int64) bool {
	s.t.Helper()
	a := s.data.NewAct()
	found := s.rights.Unclosed(a, num)
	s.must(s.data.Commit(s.t.Context(), a))
	some, err := found()
	s.must(err)
	return some
}

func TestAnErasureTakesThePackageThatWaits(t *testing.T) {
	each(t, func(t *testing.T, s *stack) {
		ctx := t.Context()
		mia, ben := s.people()
		if s.unclosed(mia.Num) {
			t.Error("there is a request of somebody who asked for nothing")
		}
		id := s.approved(asked(policy.Access, "email", "mia@lamp.test"))
		if !s.unclosed(mia.Num) || s.unclosed(ben.Num) {
			t.Error("a request under way, which may have its package soon, is not found, or is somebody else's")
		}
		s.must(s.rights.Run(ctx, id, support()))
		s.run()
		s.wants(id, VerifiedAfter)
		if !s.unclosed(mia.Num) {
			t.Error("a package that waits is not found")
		}
		s.must(s.rights.EndOf(ctx, mia.Num))
		if v := s.wants(id, Expired); v.KeyEnded == nil {
			t.Error("the key of the package lives on")
		}
		if err := s.rights.Deliver(ctx, id, s.owner(id), io.Discard); err == nil {
			t.Error("the package is handed out")
		}
		if s.unclosed(mia.Num) {
			t.Error("what has ended is found")
		}
	})
}
