package banner

import (
	"net/http"

	"github.com/avow-dev/avow/web"
)

// A Bar is a form on a page of this server that asks before what is not essential. It
// waits for no script.
type Bar struct {
	Action, Next, Page                   string
	Title, Text, All, None, Choose, Lang string
}

// Ask returns what a page of this server asks its browser, nil where every answer is
// there, and the addresses of beacons at these collection points that the browser let
// in. A store that cannot be read asks nothing and lets nothing in.
func (b *Banner) Ask(r *http.Request, points ...string) (*Bar, []string) {
	from := b.browser(r)
	at, err := b.on.Cookies(r.Context(), from)
	if err != nil {
		b.frame.Note(r.Context(), err)
		return nil, nil
	}
	var pixels []string
	for _, k := range b.on.Policy().Beacons() {
		for _, p := range k.At {
			for _, here := range points {
				if p == here && at.Allowed["beacons."+k.Name] && len(k.URLs) == 0 {
					pixels = append(pixels, b.base+"/beacons/"+k.Name+"/"+p+".gif")
				}
			}
		}
	}
	if at.Asked {
		return nil, pixels
	}
	lang := web.Lang(r, b.on.Policy().Languages())
	t := wordsIn(lang)
	bar := &Bar{
		Action: b.base + "/choose", Next: r.URL.Path, Page: b.base, Lang: lang,
		Title: t.BarTitle, Text: t.BarText, All: t.All, None: t.None, Choose: t.Choose,
	}
	if at.Honoured {
		bar.Text = t.GPC
	}
	return bar, pixels
}
