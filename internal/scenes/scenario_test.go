package scenes

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/client"
	"github.com/avow-dev/avow/internal/browser"
)

// The main job, from the policy to the proof, by hand.
func TestAPersonSeesCorrectsDecidesAndIsErased(t *testing.T) {
	each(t, func(s *stage, b *browser.Browser, v browser.View) {
		lin, me := s.people[3], s.tab(b, v)
		support, officer := s.colleague(b, v, "Sun", "support"), s.colleague(b, v, "Ott", "privacy-officer")
		s.arrives(me, lin)
		s.sees(me, lin)
		s.takesAlong(me, lin, support, officer)
		s.corrects(me, lin, support, officer)
		s.decides(me, lin)
		s.isErased(me, lin, support, officer)
		s.nothingIsLeft(b, v, lin)
		s.proves(me)
	})
}

// arrives reads the policy and signs in with the mailed code.
func (s *stage) arrives(me *browser.Tab, lin *account) {
	s.Helper()
	me.Open("/").Follow("It is my data").Is(http.StatusOK).Says("GOSCOM Pro", "E-mail address")
	me.Follow("Sign in").Fill("Your e-mail address", lin.Email).Press("Send me a code").Is(http.StatusOK).Lacks(lin.Email)
	me.Fill("Code", s.code(lin.Email)).Press("Sign in").Is(http.StatusOK)
}

// others are values of everybody else, in vault and shop.
func (s *stage) others(than *account) (out []string) {
	for _, c := range s.customers {
		if c.ID != than.ID {
			out = append(out, c.Values...)
		}
	}
	for _, a := range s.people {
		if a != than {
			out = append(out, a.values...)
		}
	}
	return out
}

// sees reads all that is held, and nothing of anybody else's.
func (s *stage) sees(me *browser.Tab, lin *account) {
	s.Helper()
	me.Says(lin.values...).Lacks(s.others(lin)...)
	me.Follow("Activity").Says("You looked at your data").Lacks(s.others(lin)...)
}

// holds fails unless a text has all of these and none of those.
func (s *stage) holds(name, text string, all, none []string) {
	s.Helper()
	for _, v := range all {
		if !strings.Contains(text, v) {
			s.Errorf("%s lacks %q", name, v)
		}
	}
	for _, v := range none {
		if strings.Contains(text, v) {
			s.Errorf("%s holds %q of somebody else", name, v)
		}
	}
}

// takesAlong downloads the account at once, and the package with everything.
func (s *stage) takesAlong(me *browser.Tab, lin *account, support, officer *colleague) {
	s.Helper()
	me.Follow("Download")
	for _, file := range []string{"JSON", "CSV for spreadsheets"} {
		s.holds(file, string(me.Download(file)), lin.values, s.others(lin))
	}
	me.Press("Ask for the package").Is(http.StatusOK).Says("A copy of everything", "We have your request")
	at := me.Path()
	s.carryOut(at, support, officer, "done and checked")
	me.Open(at).Says("Your package is ready")
	pack := me.Download("Download")
	z, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	s.must(err)
	var text strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		s.must(err)
		b, err := io.ReadAll(r)
		s.must(err)
		text.Write(b)
	}
	s.holds("the package", text.String(), append(lin.values, lin.Values...), s.others(lin))
}

// carryOut is the part of staff: one plans, a second approves, and it is done.
func (s *stage) carryOut(request string, support, officer *colleague, end string) {
	s.Helper()
	at := "/console/" + one + "/requests/" + request[strings.LastIndex(request, "/")+1:]
	for _, c := range []*colleague{support, officer} {
		if c.Open(at).Path() != at {
			c.Fill("Login", c.login).Fill("Password", password).Fill("Code", c.code()).Press("Sign in").Is(http.StatusOK)
		}
	}
	support.Open(at).Press("Ask every system and plan").Is(http.StatusOK).Says("shop", "vault")
	hash := s.planOf(support)
	officer.Open(at).Says(hash).Press("Approve this plan").Is(http.StatusOK).Says("approved")
	officer.Press("Carry it out").Is(http.StatusOK)
	officer.until(at, end)
}

// planOf is the fingerprint of the plan that a page shows.
func (s *stage) planOf(c *colleague) string {
	s.Helper()
	words := strings.Fields(c.Words())
	for _, w := range words {
		if len(w) == 64 {
			return w
		}
	}
	s.Fatal("no plan is shown")
	return ""
}

// corrects changes one value, in the vault and in the shop; the old one is gone.
func (s *stage) corrects(me *browser.Tab, lin *account, support, officer *colleague) {
	s.Helper()
	value := "溪水 " + lin.id[len(lin.id)-6:]
	me.Open("/"+one+"/me").Follow("Correct: Nickname").Fill("The right value", value).Press("Save").Is(http.StatusOK)
	if strings.Contains(me.Path(), "/requests/") { // other systems hold it too
		s.carryOut(me.Path(), support, officer, "delivered")
		if text := s.shopText(); strings.Contains(text, lin.Nickname) || !strings.Contains(text, value) {
			s.Error("the shop has the old value still, or lacks the new one")
		}
	}
	me.Open("/" + one + "/me").Says(value).Lacks(lin.values[2])
	lin.values[2] = value
}

// decides agrees and takes it back: the next use over the API is denied.
func (s *stage) decides(me *browser.Tab, lin *account) {
	s.Helper()
	use := api.Use{Subject: lin.id, Items: []string{"account.email"}, Purpose: "push"}
	me.Follow("Choices").Press("Say yes: Push messages").Is(http.StatusOK).Says("It holds from now on")
	answer, err := s.api.Use(s.Context(), use)
	s.must(err)
	if len(answer.Values) != 1 || answer.Values[0].Value != lin.Email {
		s.Errorf("the use that was agreed to gives %d values", len(answer.Values))
	}
	me.Press("Take it back: Push messages").Is(http.StatusOK).Says("It stops at once", "Took consent back")
	_, err = s.api.Use(s.Context(), use)
	p, denied := client.Denial(err)
	if !denied || len(p.Reasons) == 0 {
		s.Errorf("after the consent was taken back the use answers %v", err)
	}
}

// isErased asks for it, and staff carry it out.
func (s *stage) isErased(me *browser.Tab, lin *account, support, officer *colleague) {
	s.Helper()
	me.Follow("Erase").Press("Have everything erased").Is(http.StatusUnprocessableEntity).Says("tick the box")
	me.Tick("Yes, erase everything").Press("Have everything erased").Is(http.StatusOK).Says("Erasure", "everything")
	if !strings.Contains(s.shopText(), lin.Email) {
		s.Error("the shop forgot the person before anybody approved")
	}
	s.carryOut(me.Path(), support, officer, "delivered")
}

// nothingIsLeft signs in anew and searches the shop.
func (s *stage) nothingIsLeft(b *browser.Browser, v browser.View, lin *account) {
	s.Helper()
	again := s.tab(b, v)
	s.signIn(again, lin.Email)
	again.Says("Nothing is held").Lacks(lin.values...)
	text := s.shopText()
	for _, value := range lin.Values {
		kept := false
		for _, k := range lin.Kept {
			kept = kept || k == value
		}
		if strings.Contains(text, value) != kept {
			s.Errorf("the shop holds %q: %v, the plan keeps it: %v", value, !kept, kept)
		}
	}
	for _, c := range s.customers {
		if c.ID != lin.ID && !strings.Contains(strings.ToLower(text), strings.ToLower(c.Email)) {
			s.Errorf("the shop has lost customer %d", c.ID)
		}
	}
}

// proves downloads the receipt and runs the line that the page shows, without a
// network and far from the server's data.
func (s *stage) proves(me *browser.Tab) {
	s.Helper()
	me.Open("/" + one + "/me").Says("Nothing is held").Follow("Receipts").Is(http.StatusOK)
	dir := s.TempDir()
	s.must(os.WriteFile(filepath.Join(dir, "receipt.json"), me.Download("Download the receipt"), 0o600))
	line := me.Code()
	if !strings.HasPrefix(line, "avow receipt verify receipt.json") {
		s.Fatalf("the page says %q", line)
	}
	run := func() (string, error) {
		cmd := exec.CommandContext(s.Context(), "sh", "-c", line)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(avowBinary(s.T))+string(os.PathListSeparator)+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run(); err != nil || !strings.Contains(out, "verified") {
		s.Errorf("the receipt does not verify: %v: %s", err, out)
	}
	receipt, err := os.ReadFile(filepath.Join(dir, "receipt.json"))
	s.must(err)
	s.must(os.WriteFile(filepath.Join(dir, "receipt.json"), bytes.Replace(receipt, []byte(`"erasure"`), []byte(`"access"`), 1), 0o600))
	if out, err := run(); err == nil {
		s.Errorf("a changed receipt verifies: %s", out)
	}
}

// built is the command line, built once for all tests.
var built struct {
	once sync.Once
	file string
	err  error
}

// avowBinary builds the command line and returns where it is.
func avowBinary(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		var dir string
		if dir, built.err = os.MkdirTemp("", "avow-scenes-"); built.err != nil {
			return
		}
		built.file = filepath.Join(dir, "avow")
		out, err := exec.Command("go", "build", "-o", built.file, "github.com/avow-dev/avow/cmd/avow").CombinedOutput()
		if err != nil {
			t.Logf("%s", out)
		}
		built.err = err
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.file
}
