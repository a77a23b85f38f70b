package banner

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/web"
)

// A State is what a company's own pages ask: what this browser may be given.
type State struct {
	Policy   string          `json:"policy"` // hash of the version in force
	Ask      bool            `json:"ask"`    // something waits for an answer: show the banner
	GPC      bool            `json:"gpc"`    // the browser's signal is honoured
	Allowed  map[string]bool `json:"allowed"`
	Choice   *string         `json:"choice,omitempty"` // of a POST: text of the cookie to keep; "": forget it
	Until    *time.Time      `json:"until,omitempty"`
	Trackers []Declared      `json:"trackers"`
	Words    map[string]any  `json:"words"`
	Page     string          `json:"page"` // where every choice can be made
}

// Declared is one cookie, store or beacon.
type Declared struct {
	Ref      string              `json:"ref"`
	Kind     string              `json:"kind"`
	Names    []string            `json:"names"`
	Class    policy.TrackerClass `json:"class"`
	Title    string              `json:"title"`
	Purposes []string            `json:"purposes"`
	Without  string              `json:"without,omitempty"`
	SetBy    string              `json:"set_by"`
}

// state answers what the browser of this request may be given.
func (b *Banner) state(w http.ResponseWriter, r *http.Request) error {
	at, err := b.on.Cookies(r.Context(), b.browser(r))
	if err != nil {
		return err
	}
	return b.answer(w, r, b.stateOf(r, at))
}

func (b *Banner) answer(w http.ResponseWriter, _ *http.Request, s State) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	shared(w.Header())
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Cookie, Sec-GPC, Accept-Language")
	w.Write(text)
	return nil
}

func (b *Banner) stateOf(r *http.Request, at platform.CookieStand) State {
	lang := web.Lang(r, b.on.Policy().Languages())
	t := wordsIn(lang)
	s := State{
		Policy: b.on.Policy().Version(), Ask: !at.Asked, GPC: at.Honoured, Allowed: at.Allowed, Trackers: []Declared{}, Page: b.base,
		Words: map[string]any{
			"lang": lang, "title": t.BarTitle, "text": t.BarText, "all": t.All, "none": t.None, "choose": t.Choose, "blocked": t.Blocked, "gpc": t.GPC,
			"save": t.Save, "more": t.Cookies, "classes": map[policy.TrackerClass]string{
				policy.Functional: t.classes[policy.Functional][0], policy.Performance: t.classes[policy.Performance][0], policy.Marketing: t.classes[policy.Marketing][0],
			},
		},
	}
	for _, k := range b.on.Policy().Trackers() {
		d := Declared{Ref: k.Ref, Kind: "beacon", Class: k.Class, Title: k.Title.In(lang), SetBy: k.SetBy, Purposes: b.purposes(k.Purposes, lang)}
		if c := k.Cookie; c != nil {
			d.Kind, d.Names, d.Without = c.Kind, c.Names, c.Without.In(lang)
			if len(d.Names) == 0 {
				d.Names = []string{c.Name}
			}
		}
		if d.Title == "" {
			d.Title = page.Title(k.Title, strings.TrimPrefix(k.Ref, "cookies."), lang)
		}
		s.Trackers = append(s.Trackers, d)
	}
	return s
}

// A saying is what a page of another site sends for its browser.
type saying struct {
	Choice string   `json:"choice"` // text of its cookie
	Yes    []string `json:"yes"`
	Say    bool     `json:"say"` // yes is an answer; else the state is asked for
	Forget bool     `json:"forget"`
}

const maxSaying = 16 << 10

// say answers a page of another site. It looks at no cookie: the browser is whose
// choice the body holds.
func (b *Banner) say(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxSaying+1))
	var in saying
	if err != nil || len(body) > maxSaying || json.Unmarshal(body, &in) != nil {
		return fault.New(fault.Invalid, "the body is not what is asked for: send {\"choice\": …, \"say\": true, \"yes\": [ … ]}")
	}
	from := platform.Browser{Cookie: in.Choice, Signal: web.Signal(r)}
	var (
		text  string
		until time.Time
	)
	switch {
	case in.Forget:
		if _, err := b.on.ClearCookies(r.Context(), from, ""); err != nil {
			return err
		}
		from.Cookie = ""
	case in.Say:
		if text, until, err = b.on.ChooseCookies(r.Context(), from, slices.Compact(in.Yes)); err != nil {
			return err
		}
		from.Cookie = text
	}
	at, err := b.on.Cookies(r.Context(), from)
	if err != nil {
		return err
	}
	s := b.stateOf(r, at)
	if in.Forget || in.Say {
		s.Choice = &text
	}
	if in.Say {
		s.Until = &until
	}
	return b.answer(w, r, s)
}

// pixel is a picture of one point, which nobody sees (GIF89a).
func pixel() []byte {
	return []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
}

// perPixel is how often one client is counted.
func perPixel() web.Rate { return web.Rate{Each: 100 * time.Millisecond, Burst: 100} }

// beacon counts a visit, where the browser let it. It sets nothing, and gives a
// picture whatever it did.
func (b *Banner) beacon(w http.ResponseWriter, r *http.Request) error {
	point, ok := strings.CutSuffix(r.PathValue("point"), ".gif")
	if !ok {
		return fault.New(fault.NotFound, "a beacon is a picture: its address ends in .gif")
	}
	if !b.frame.Limit("beacon "+b.frame.Client(r), perPixel()) {
		b.frame.TooFast(w, r)
		return nil
	}
	v := platform.BeaconVisit{Beacon: r.PathValue("beacon"), Point: point, Browser: b.browser(r)}
	for name := range r.URL.Query() {
		v.Carries = append(v.Carries, name)
	}
	slices.Sort(v.Carries)
	v.Member = b.person(r) != ""
	refusals, err := b.on.CountVisit(r.Context(), v)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(refusals, func(x policy.Refusal) bool { return x.Control == policy.BeaconDeclared }) {
		return fault.New(fault.NotFound, "the policy declares no such beacon on such a page")
	}
	w.Header().Set("Content-Type", "image/gif")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Write(pixel())
	return nil
}
