package centre

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/notice"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/web"
)

// filings is how often one client may ask about an address that nobody here has.
func filings() web.Rate { return web.Rate{Each: 10 * time.Minute, Burst: 5} }

// A claim is the proof that a request was made with an address. It travels sealed
// in a link, and is good only for who has proved the address again.
type claim struct {
	Request rights.ID `json:"r"`
	Address string    `json:"a"`
}

func (c *Centre) aboutClaim() string { return "request elsewhere " + c.on.ID() }

// elsewhereRights are the rights that somebody whose address nobody here has can
// ask for: of the outside systems, where there are any.
func (c *Centre) elsewhereRights(v *visit) []policy.RightKind {
	if v.address.IsZero() || len(c.on.Systems()) < 2 {
		return nil
	}
	return c.on.Promised(policy.Access, policy.Erasure)
}

// stranger is for pages of who proved an address that nobody here has.
func (c *Centre) stranger(h func(*visit) error) http.HandlerFunc {
	return c.person(func(v *visit) error {
		if v.sub != "" || v.address.IsZero() {
			return fault.New(fault.NotFound, "there is no such request")
		}
		return h(v)
	}, always)
}

// askElsewhere takes down a request for the outside systems.
func (c *Centre) askElsewhere(v *visit) error {
	right := policy.RightKind(v.r.PostFormValue("right"))
	allowed := false
	for _, k := range c.elsewhereRights(v) {
		allowed = allowed || k == right
	}
	if !allowed {
		return fault.New(fault.Invalid, "that cannot be asked for here")
	}
	if !c.frame.Limit("elsewhere "+c.on.ID()+" "+c.frame.Client(v.r), filings()) {
		c.frame.TooFast(v.w, v.r)
		return nil
	}
	p := c.view(v, func(*words) string { return "" })
	id, err := c.on.AskElsewhere(v.ctx(), "email", v.address, platform.Asking{
		Right: right, Contact: v.address, Language: p.Lang, Method: "identifier-code",
	})
	if err != nil {
		return err
	}
	b, err := json.Marshal(claim{id, v.address.Reveal()})
	if err != nil {
		return err
	}
	path := "me/elsewhere/" + c.frame.Seal(c.aboutClaim(), b)
	said := notice.Received{Request: string(id), What: page.RightTitle(c.on.Policy(), right, p.Lang)}
	if c.config.URL != "" {
		said.Link = strings.TrimSuffix(c.config.URL, "/") + c.base + path
	}
	if err := c.mail(v.ctx(), notice.Message{To: v.address, Lang: p.Lang, Brand: p.Brand, Content: said}); err != nil {
		c.log.WarnContext(v.ctx(), "a request came in and the mail that says so could not be sent", "platform", c.on.ID(), "error", err)
	}
	return c.lead(v, path, "asked")
}

// claimed returns the request that a link names, when whoever is signed in proved
// the address that made it.
func (c *Centre) claimed(v *visit) (rights.ID, error) {
	var x claim
	b, ok := c.frame.Unseal(c.aboutClaim(), v.r.PathValue("at"))
	if !ok || json.Unmarshal(b, &x) != nil || !strings.EqualFold(x.Address, v.address.Reveal()) {
		return "", fault.New(fault.NotFound, "there is no such request")
	}
	return x.Request, nil
}

func (c *Centre) elsewhere(v *visit) error {
	id, err := c.claimed(v)
	if err != nil {
		return err
	}
	q, err := c.on.Elsewhere(v.ctx(), id)
	if err != nil {
		return err
	}
	return c.showRequest(v, q, c.base+"me/elsewhere/"+url.PathEscape(v.r.PathValue("at")))
}

func (c *Centre) takeBackElsewhere(v *visit) error {
	id, err := c.claimed(v)
	if err != nil {
		return err
	}
	if err := c.on.TakeBackElsewhere(v.ctx(), id); err != nil {
		return err
	}
	return c.lead(v, "me/elsewhere/"+v.r.PathValue("at"), "taken-back")
}

func (c *Centre) fetchElsewhere(v *visit) error {
	id, err := c.claimed(v)
	if err != nil {
		return err
	}
	return c.send(v, func(out *web.Late) error { return c.on.FetchElsewhere(v.ctx(), id, out) })
}

func (c *Centre) receiptElsewhere(v *visit) error {
	id, err := c.claimed(v)
	if err != nil {
		return err
	}
	file, err := c.on.ReceiptElsewhere(v.ctx(), id)
	if err != nil {
		return err
	}
	c.attach(v, "application/json", "receipt-"+string(id)+".json")
	v.w.Write(file) // a reader who has gone cannot be answered
	return nil
}
