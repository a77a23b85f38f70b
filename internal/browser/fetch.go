package browser

import (
	"context"
	"io"
	"net/http"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Fetch asks for an address of the server as the tab would, with its cookies, and leaves
// the page where it is: what is a file, and no page, is looked at like this.
func (t *Tab) Fetch(path string) (status int, body []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.ctx, http.MethodGet, t.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", t.View.Lang)
	t.run(chromedp.ActionFunc(func(ctx context.Context) error {
		list, err := network.GetCookies().WithURLs([]string{t.URL + path}).Do(ctx)
		for _, c := range list {
			r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
		return err
	}))
	a, err := http.DefaultTransport.RoundTrip(r) // where it leads is not followed
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if body, err = io.ReadAll(a.Body); err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, body
}

// Jar is what scripts of the page see of its cookies.
func (t *Tab) Jar() (text string) {
	t.Helper()
	t.eval(`document.cookie`, &text)
	return text
}
