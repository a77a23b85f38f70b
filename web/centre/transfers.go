package centre

import (
	"net/http"
	"strings"
	"time"

	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/succession"
)

// transferWords are the words of the page about transfers, in one language.
type transferWords struct {
	Title, Lead, None, What, For, NewTo, Opened, Object, Objected, Erase, Ended string
}

func transferIn(lang string) *transferWords {
	if strings.HasPrefix(strings.ToLower(lang), "zh") {
		return &transferWords{
			Title: "业务转移", Lead: "因合并、收购等原因，您的信息可能转移至接手业务的一方。您可以表示反对，您的信息将不转移。", None: "目前没有涉及您信息的转移。",
			What: "涉及信息", For: "用途", NewTo: "新增用途，须另行征得您的同意", Opened: "登记于", Object: "不同意转移我的信息", Objected: "您已表示反对，您的信息不会转移。",
			Erase: "删除我的全部信息", Ended: "该转移已结束。",
		}
	}
	return &transferWords{
		Title: "Transfers of the business", Lead: "When the business changes hands, your data may move to who takes it over. You can say no, and yours stays.", None: "No transfer concerns your data now.",
		What: "What moves", For: "What for", NewTo: "New, and only with your consent", Opened: "On record since", Object: "Do not move my data", Objected: "You said no: your data does not move.",
		Erase: "Erase all my data", Ended: "This transfer has ended.",
	}
}

// A transferView is one transfer as its person sees it.
type transferView struct {
	ID                   succession.ID
	To                   string
	Items, Purposes, New []string
	Opened               time.Time
	Objected, Ended      bool
}

type transfersPage struct {
	view
	W    *transferWords
	List []transferView
}

// Joined joins names as the language of the page does.
func (p transfersPage) Joined(names []string) string { return page.Join(names, p.Lang) }

// transfers shows who is signed in which transfers concern them.
func (c *Centre) transfers(v *visit) error {
	list, err := c.on.TransfersOf(v.ctx(), v.sub)
	if err != nil {
		return err
	}
	p := transfersPage{view: c.view(v, func(*words) string { return "" })}
	p.W = transferIn(p.Lang)
	p.Title = p.W.Title
	for _, t := range list {
		p.List = append(p.List, c.transferView(t, p.Lang))
	}
	return c.show(v, http.StatusOK, "transfers", p)
}

func (c *Centre) transferView(t platform.TransferOf, lang string) transferView {
	x := transferView{ID: t.Case.ID, Opened: t.Case.Opened, Objected: !t.Objected.IsZero(), Ended: t.Case.Ended != nil}
	if r := c.on.Policy().RecipientBy(t.Case.Recipient); r != nil {
		x.To = page.Title(r.Title, r.Name, lang)
	}
	for _, no := range t.Case.Items {
		if it := c.on.Policy().ItemBy(no); it != nil {
			x.Items = append(x.Items, page.Title(it.Title, it.Name, lang))
		}
	}
	titles := func(nos []policy.PurposeNo) (out []string) {
		for _, no := range nos {
			if u := c.on.Policy().PurposeBy(no); u != nil {
				out = append(out, page.Title(u.Title, u.Name, lang))
			}
		}
		return out
	}
	x.Purposes, x.New = titles(t.Case.Purposes), titles(t.Case.Changed)
	return x
}

// objectTransfer takes somebody's no to a transfer.
func (c *Centre) objectTransfer(v *visit) error {
	id, err := succession.ParseID(v.r.PathValue("transfer"))
	if err != nil {
		return err
	}
	if err := c.on.ObjectTransfer(v.ctx(), id, v.sub, "settings", platform.Self(v.sub)); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, c.base+"me/transfers", http.StatusSeeOther)
	return nil
}
