package seal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestAPersonalValueShowsNowhereButInReveal(t *testing.T) {
	const secret = "li.lei@example.com"
	p := NewPersonal(secret)
	type holder struct {
		P  Personal
		PP *Personal
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%30s", "%t"} {
		fmt.Fprintf(&out, verb+verb+"\n", p, holder{p, &p})
	}
	fmt.Fprintln(&out, p, &p, []Personal{p}, map[string]Personal{"k": p}, fmt.Errorf("x: %v", p))
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("m", "p", p, "pp", &p, "h", holder{p, &p}, "list", []Personal{p})
	}
	b, err := json.Marshal(map[string]any{"p": p, "pp": &p, "h": holder{p, &p}})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(b)
	if b, err = json.Marshal(map[Personal]int{p: 1}); err != nil {
		t.Fatal(err)
	}
	out.Write(b)
	for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), "li.lei"} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the value shows as %q in:\n%s", form, out.String())
		}
	}
	if p.Reveal() != secret || p.IsZero() || !NewPersonal("").IsZero() {
		t.Error("Reveal or IsZero is wrong")
	}
}
