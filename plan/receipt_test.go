package plan

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func body() *Body {
	at := time.Date(2026, 3, 1, 9, 0, 0, 123456000, time.UTC)
	return &Body{
		Format: 1, Log: "avow/lamp-shop", Controller: Text{"en": "Lamp Shop GmbH", "zh-CN": "灯店"}, Request: "req_00000000000000000000000000",
		Subject: "sub_00000000000000000000000000", Right: policy.Erasure, Scope: "everything", Policy: Version{"sha256:ab", "2026-01-01"},
		Clock: Clock{Received: at, Verified: at, Method: "login", Approved: at, Finished: at, DoneDue: &Due{At: at.Add(time.Hour), Rule: "gdpr", Cite: "Art. 12(3)"}},
		Plan:  strings.Repeat("ab", 32),
		Systems: []Result{{
			Name: "shop", Kind: "sqlite", Notes: []string{"the WAL was truncated"},
			Collections: []Counted{
				{Name: "customers", Action: connector.Delete, Planned: 1, Done: 1},
				{Name: "orders", Action: connector.Keep, Planned: 2, Done: 2, Keep: &connector.Retention{Ground: "legal-obligation", Reason: map[string]string{"en": "Tax <records> & more"}, Until: "P10Y"}},
			},
			Search: &Searched{At: at, Tables: 4, Rows: 100},
		}},
		Silent: NotYet(3, nil), Outside: Reach{Postgres: true, SameCluster: true, Systems: true}.Outside(),
	}
}

// A notary stands in for a log: a small tree, signed.
type notary struct {
	signer note.Signer
	key    string
}

func newNotary(t testing.TB, name string) notary {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return notary{signer, public}
}

// receipt puts an entry between others and proves it.
func (n notary) receipt(t testing.TB, b *Body, kind audit.Kind, hash []byte) *Receipt {
	t.Helper()
	public, err := audit.Encode(audit.Decoded{Kind: kind, At: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Fields: audit.Fields{
		audit.Text(audit.TagRight, "erasure"), audit.Bytes(audit.TagHash, hash),
	}})
	if err != nil {
		t.Fatal(err)
	}
	var leaves [][]byte
	for i := range 5 {
		leaves = append(leaves, fmt.Appendf(nil, "leaf %d", i))
	}
	h := sha256.Sum256(public)
	sealed := sha256.Sum256([]byte("sealed"))
	leaves[3] = append(append([]byte{1}, h[:]...), sealed[:]...)
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for i, leaf := range leaves {
		more, err := tlog.StoredHashes(int64(i), leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(5, reader)
	if err != nil {
		t.Fatal(err)
	}
	hashes, err := tlog.ProveRecord(5, 3, reader)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n5\n%s\n", n.signer.Name(), base64.StdEncoding.EncodeToString(root[:]))}, n.signer)
	if err != nil {
		t.Fatal(err)
	}
	return &Receipt{Body: *b, Proof: audit.Proof{Public: public, Sealed: sealed[:], Index: 3, Checkpoint: signed, Hashes: hashes}}
}

func good(t testing.TB) (n notary, file []byte) {
	n = newNotary(t, "avow/lamp-shop")
	return n, n.receipt(t, body(), audit.Delivered, body().Hash()).File()
}

func TestAReceiptVerifiesOffline(t *testing.T) {
	n, file := good(t)
	report, err := VerifyReceipt(file, n.key)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*body(), report.Body); diff != "" {
		t.Error(diff)
	}
	if report.Index != 3 || report.Log != "avow/lamp-shop" || !report.At.Equal(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the report says %+v", report)
	}
	again, err := ReadBody(report.Body.Bytes())
	if err != nil || !bytes.Equal(again.Hash(), body().Hash()) {
		t.Errorf("a stored body has another hash: %v", err)
	}
}

func TestEveryChangedByteIsRefused(t *testing.T) {
	n, file := good(t)
	for i := range file {
		for _, bit := range []byte{0x01, 0x20} {
			changed := bytes.Clone(file)
			changed[i] ^= bit
			_, err := VerifyReceipt(changed, n.key)
			if fault.Of(err) != fault.Invalid {
				t.Fatalf("byte %d of %d, %q made %q: %v", i, len(file), file[i], changed[i], err)
			}
			if m := fault.Message(err); len(m) < 20 {
				t.Fatalf("byte %d: the refusal %q says too little", i, m)
			}
		}
	}
	for name, changed := range map[string][]byte{
		"cut":      file[:len(file)-1],
		"longer":   append(bytes.Clone(file), '\n'),
		"compact":  canonical(n.receipt(t, body(), audit.Delivered, body().Hash())),
		"empty":    nil,
		"twice":    append(bytes.Clone(file), file...),
		"new name": bytes.Replace(file, []byte(`"request"`), []byte(`"Request"`), 1),
	} {
		if _, err := VerifyReceipt(changed, n.key); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAForgedReceiptIsRefusedWithTheReason(t *testing.T) {
	n := newNotary(t, "avow/lamp-shop")
	other := newNotary(t, "avow/lamp-shop")
	elsewhere := newNotary(t, "avow/other")
	lie := body()
	lie.Systems[0].Collections[0].Done = 9
	hash := body().Hash()
	twice := n.receipt(t, body(), audit.Delivered, hash)
	twice.Proof.Checkpoint = append(twice.Proof.Checkpoint, "\u2014 witness AAAAAAAA\n"...)
	newer := body()
	newer.Format = 2
	for name, c := range map[string]struct {
		r    *Receipt
		key  string
		want string
	}{
		"body exchanged":  {n.receipt(t, lie, audit.Delivered, hash), n.key, "the body was changed"},
		"another kind":    {n.receipt(t, body(), audit.Planned, hash), n.key, "not about a delivered request"},
		"another key":     {other.receipt(t, body(), audit.Delivered, hash), n.key, "the proof does not hold"},
		"another log":     {elsewhere.receipt(t, body(), audit.Delivered, hash), elsewhere.key, "from another"},
		"more signatures": {twice, n.key, "2 signatures"},
		"newer form":      {n.receipt(t, newer, audit.Delivered, newer.Hash()), n.key, "newer avow"},
		"no key":          {n.receipt(t, body(), audit.Delivered, hash), "", "the proof does not hold"},
	} {
		_, err := VerifyReceipt(c.r.File(), c.key)
		if fault.Of(err) != fault.Invalid || !strings.Contains(fault.Message(err), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func FuzzVerifyReceipt(f *testing.F) {
	n, file := good(f)
	f.Add(file)
	f.Add([]byte(`{"body":{},"proof":{}}`))
	f.Add([]byte("{"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := VerifyReceipt(b, n.key)
		if err == nil && !bytes.Equal(b, file) {
			t.Errorf("a receipt nobody issued is accepted")
		}
		if err != nil && fault.Of(err) != fault.Invalid {
			t.Errorf("not a fault.Invalid: %v", err)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add(mustMake(f, erasure(f, Scope{}, shop(f), vaultSystem())).Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Read(b)
		if err != nil {
			return
		}
		if again, err := Read(p.Bytes()); err != nil || again.Hash() != p.Hash() {
			t.Errorf("a plan that was read does not read again: %v", err)
		}
	})
}
