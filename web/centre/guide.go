package centre

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
)

// guidesPerClient is how often one client is shown help: each showing is an entry.
func guidesPerClient() web.Rate { return web.Rate{Each: 2 * time.Second, Burst: 20} }

// guideWords are the words of the pages of help, in one language.
type guideWords struct {
	List, Lead, None, Off, How, Who, Without, Also, Choices, Back string
}

func guideIn(lang string) *guideWords {
	if strings.HasPrefix(strings.ToLower(lang), "zh") {
		return &guideWords{
			List: "在设备上关闭权限", Lead: "应用可能读取的内容，以及如何在您的设备上关闭。", None: "没有可在设备上关闭的权限。", Off: "如何关闭：", How: "在您的设备上",
			Who: "仍无法关闭时", Without: "关闭之后", Also: "关闭后不可用：", Choices: "您的选择与权限", Back: "全部权限",
		}
	}
	return &guideWords{
		List: "Turning permissions off on your device", Lead: "What the app may read, and how to turn it off on your device.", None: "There is no permission to turn off on a device.",
		Off: "How to turn off: ", How: "On your device", Who: "If that does not help", Without: "After that", Also: "What does not work then: ", Choices: "Your choices and permissions", Back: "All permissions",
	}
}

// A guideLink leads to one page of help.
type guideLink struct{ Name, Title string }

// A guidePage says how to turn a permission off on the device, or lists those it does.
type guidePage struct {
	view
	W                   *guideWords
	Guides              []guideLink // of the list
	Name                string      // "": the list
	Path, Help, Without string
}

func (c *Centre) guidePage(v *visit) guidePage {
	p := guidePage{view: c.view(v, func(*words) string { return "" })}
	p.W, p.Public = guideIn(p.Lang), true
	p.Title = p.W.List
	return p
}

// guides lists the permissions of which the policy says how to turn them off.
func (c *Centre) guides(v *visit) error {
	p := c.guidePage(v)
	for _, g := range c.on.Guides() {
		p.Guides = append(p.Guides, guideLink{g.Permission.Name, page.Title(g.Permission.Title, g.Permission.Name, p.Lang)})
	}
	return c.show(v, http.StatusOK, "guide", p)
}

// guide shows how to turn one off. That it was shown is an entry.
func (c *Centre) guide(v *visit) error {
	if !c.frame.Limit("guide "+c.on.ID()+" "+c.frame.Client(v.r), guidesPerClient()) {
		c.frame.TooFast(v.w, v.r)
		return nil
	}
	sub := v.sub
	if v.gone {
		sub = ""
	}
	g, err := c.on.ShowGuide(v.ctx(), v.r.PathValue("permission"), sub)
	if err != nil {
		return err
	}
	p, x := c.guidePage(v), g.Permission
	p.Name, p.Path, p.Help, p.Without = x.Name, x.Path.In(p.Lang), x.Help.In(p.Lang), x.Without.In(p.Lang)
	p.Title = p.W.Off + page.Title(x.Title, x.Name, p.Lang)
	return c.show(v, http.StatusOK, "guide", p)
}

// warned is how long the page about leaving holds.
const warned = time.Hour

// told shows that the page about a link was on the screen.
func (c *Centre) told(id int64) string {
	return c.frame.Seal(c.aboutLink(id), strconv.AppendInt(nil, c.on.Now().Unix(), 10))
}

func (c *Centre) wasTold(v *visit, id int64) bool {
	b, ok := c.frame.Unseal(c.aboutLink(id), v.r.URL.Query().Get("told"))
	at, err := strconv.ParseInt(string(b), 10, 64)
	return ok && err == nil && c.on.Now().Sub(time.Unix(at, 0)) < warned
}

func (c *Centre) aboutLink(id int64) string {
	return "told " + c.on.ID() + " " + strconv.FormatInt(id, 10)
}

// overSince ends a sign-in that began before its person declined the policy, here and
// in every other browser of theirs, and reports whether it did.
func (c *Centre) overSince(v *visit, s web.Session) (bool, error) {
	if v.refused.IsZero() || s.Since.After(v.refused) {
		return false, nil
	}
	if err := c.frame.SignOut(v.w, v.r, web.Person, c.on.ID()); err != nil {
		return false, err
	}
	return true, c.on.SessionEnded(v.ctx(), subject.ID(v.who), "declined")
}

// GuideWord is what leads from a permission to the page of help about it.
func (p choicesPage) GuideWord() string {
	if strings.HasPrefix(strings.ToLower(p.Lang), "zh") {
		return "如何在设备上关闭"
	}
	return "How to turn it off on the device"
}

// reminded shows the form once more, with a reminder, to who wrote a number that goes
// to others, and reports whether it did. Who sends it again has read that.
func (c *Centre) reminded(v *visit, p *contactPage, who subject.ID) (bool, error) {
	if v.r.PostFormValue("reminded") == "yes" || p.Text == "" {
		return false, nil
	}
	found, err := c.on.Reminds(v.ctx(), "", platform.NewPersonal(p.Text), who)
	if err != nil || len(found) == 0 {
		return false, err
	}
	p.Remind = "What you wrote holds a number: of a telephone, a card or a paper. Give such numbers to others only where you must. Take it out, or send the text as it is."
	if strings.HasPrefix(strings.ToLower(p.Lang), "zh") {
		p.Remind = "您填写的内容包含电话、银行卡或证件号码。请仅在必要时向他人提供。您可以删除号码，或按原样发送。"
	}
	return true, c.show(v, http.StatusOK, "contact", *p)
}
