package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/succession"
	"github.com/avow-dev/avow/web"
)

// ledgerPages are the templates of statistics, links and transfers.
func ledgerPages() []string {
	return []string{"statistics", "links", "transfers", "transfer-new", "transfer"}
}

func (c *Console) transferRoutes() []route {
	list := []route{
		{"GET transfers", systems, c.transfers},
		{"GET transfers/new", ledger, c.askTransfer},
		{"POST transfers/new", ledger, c.openTransfer},
		{"GET transfers/{transfer}", systems, c.oneTransfer},
		{"POST transfers/{transfer}/run", ledger, c.runTransfer},
	}
	for name, do := range c.transferVerbs() {
		list = append(list, route{"POST transfers/{transfer}/" + name, ledger, c.transferAct(name, do)})
	}
	return list
}

// A transferView is what the pages of transfers share.
type transferView struct {
	view
	X   *transferWords
	May bool // the reader may act
}

func (c *Console) transferView(v *visit, title func(*transferWords) string) transferView {
	out := transferView{view: c.view(v, func(*words) string { return "" }), May: v.by.may(ledger)}
	out.X = transferWordsIn(out.Lang)
	out.Title = title(out.X)
	if done := out.X.flashes[v.r.URL.Query().Get("done")]; done != "" {
		out.Flash = done
	}
	return out
}

// Receiver names who takes over.
func (p transferView) Receiver(name string) string {
	if r, err := p.p.Recipient(name); err == nil {
		return p.titleOf(r)
	}
	return name
}

// PurposesOf names purposes.
func (p transferView) PurposesOf(names []string) string {
	var out []string
	for _, n := range names {
		if u, err := p.p.Purpose(n); err == nil {
			n = page.Title(u.Title, u.Name, p.Lang)
		}
		out = append(out, n)
	}
	return p.Names(out)
}

// successors are the recipients of the policy who can take the business over; none where
// the policy lets nothing move with it.
func successors(p *policy.Policy) (out []*policy.Recipient) {
	if !slices.Contains(p.Sharing().Allow, policy.Succession) {
		return nil
	}
	for _, r := range p.Recipients() {
		if r.Role == policy.Successor {
			out = append(out, r)
		}
	}
	return out
}

// A transfersPage is the list, the newest first.
type transfersPage struct {
	transferView
	List  []platform.TransferStanding
	Never bool // the policy lets nothing move with the business
}

func (c *Console) transfers(v *visit) error {
	p := transfersPage{transferView: c.transferView(v, func(t *transferWords) string { return t.Transfers })}
	list, err := c.on.TransferCases(v.ctx())
	if err != nil {
		return err
	}
	slices.Reverse(list)
	p.List, p.Never = list, len(successors(p.p)) == 0
	return c.show(v, http.StatusOK, "transfers", p)
}

// A newTransferPage opens a transfer.
type newTransferPage struct {
	transferView
	Kinds    []succession.Kind
	To       []choice
	Items    []choice
	Purposes []choice
	Asked    platform.TransferAsked
}

func (c *Console) askTransfer(v *visit) error { return c.showNewTransfer(v, http.StatusOK, "") }

func (c *Console) showNewTransfer(v *visit, status int, problem string) error {
	p := newTransferPage{
		transferView: c.transferView(v, func(t *transferWords) string { return t.New }), Kinds: succession.Kinds(), Asked: readTransfer(v.r),
	}
	p.Problem = problem
	items, purposes := map[policy.ItemNo]bool{}, map[policy.PurposeNo]bool{}
	for _, r := range successors(p.p) {
		p.To = append(p.To, choice{r.Name, p.titleOf(r)})
		for _, no := range r.Items {
			if i := p.p.ItemBy(no); i != nil && !items[no] {
				items[no], p.Items = true, append(p.Items, choice{i.Name, p.item(no)})
			}
		}
		for _, no := range r.Purposes {
			if u := p.p.PurposeBy(no); u != nil && !purposes[no] {
				purposes[no], p.Purposes = true, append(p.Purposes, choice{u.Name, p.purpose(no)})
			}
		}
	}
	return c.show(v, status, "transfer-new", p)
}

// Has reports whether something was chosen.
func (p newTransferPage) Has(list []string, name string) bool { return slices.Contains(list, name) }

func readTransfer(r *http.Request) platform.TransferAsked {
	field := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	out := platform.TransferAsked{Kind: succession.Kind(field("kind")), Recipient: field("recipient"), Document: field("document")}
	out.Items, out.Purposes, out.Changed = r.PostForm["item"], r.PostForm["purpose"], r.PostForm["changed"]
	return out
}

func (c *Console) openTransfer(v *visit) error {
	x, err := c.on.OpenTransfer(v.ctx(), readTransfer(v.r), v.by.gate())
	switch fault.Of(err) {
	case "":
		return c.lead(v, "transfers/"+string(x.ID), "transfer-open")
	case fault.Invalid, fault.Conflict, fault.Denied, fault.NotFound:
		return c.showNewTransfer(v, web.Status(err), c.problem(v, err))
	}
	return err
}
