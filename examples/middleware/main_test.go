package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/client"
	"github.com/avow-dev/avow/policies"
	"github.com/avow-dev/avow/staff"
)

func TestAPageIsShownWhenThePolicyLetsIt(t *testing.T) {
	dir := t.TempDir()
	src, err := policies.Files.ReadFile("goscom-pro.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"avow.yaml": "platforms: [{id: goscom-pro, policy: p.yaml}]\n", "p.yaml": string(src)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config, err := avow.ReadConfig(filepath.Join(dir, "avow.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := avow.Open(t.Context(), config, avow.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(h)
	defer web.Close()
	_, key, err := s.Staff().CreateKey(t.Context(), staff.NewKey{Platform: "goscom-pro", Label: "example", Scopes: []string{api.SubjectsWrite, api.UsesWrite, api.ConsentsWrite}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(client.Config{Server: web.URL, Platform: "goscom-pro", Key: key.Reveal()})
	if err != nil {
		t.Fatal(err)
	}
	id, err := c.Register(t.Context(), api.Register{
		Accepted: true, Adult: true, Point: "registration", Given: []api.Given{{Item: "account.email", Value: "lin@example.org", Voluntary: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	app := application(c, signedIn)
	get := func(path string) (int, string) {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", path+"?as="+id, nil))
		return w.Code, w.Body.String()
	}
	if status, body := get("/account"); status != 200 || !strings.Contains(body, "lin@example.org") {
		t.Errorf("account: %d %s", status, body)
	}
	if status, body := get("/news"); status != http.StatusForbidden || strings.Contains(body, "lin@") {
		t.Errorf("news, not asked: %d %s", status, body)
	}
	if err := c.Choose(t.Context(), id, api.Choice{Kind: "consent", Purpose: "push", Given: true}); err != nil {
		t.Fatal(err)
	}
	if status, body := get("/news"); status != 200 || !strings.Contains(body, "lin@example.org") {
		t.Errorf("news, agreed: %d %s", status, body)
	}
}
