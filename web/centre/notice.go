package centre

import (
	"net/http"
	"slices"
	"strings"

	"github.com/avow-dev/avow/message"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/web"
)

// A noticePage tells who signs in of a change of the policy, before anything else.
type noticePage struct {
	view
	platform.Notice
	Next string
}

// Asks reports whether the person is asked to accept the version now.
func (p noticePage) Asks() bool { return p.InForce && p.Again }

// surface is what the policy calls this place.
func (c *Centre) surface() string {
	all := c.on.Policy().Surfaces()
	if i := slices.Index(all, "website"); i >= 0 || len(all) == 0 {
		return "website"
	}
	return all[0]
}

// informed reports whether who comes has seen every notice that waits for them. Else
// it leads them to the first.
func (c *Centre) informed(v *visit) (bool, error) {
	if v.r.Method != http.MethodGet || v.sub == "" || v.gone || v.r.URL.Path == c.base+"me/notice" {
		return true, nil
	}
	list, err := c.on.Waiting(v.ctx(), v.sub)
	if err != nil || len(list) == 0 {
		return true, err
	}
	next := c.next(v.r.URL.Path)
	http.Redirect(v.w, v.r, c.base+"me/notice?next="+next, http.StatusSeeOther)
	return false, nil
}

func (c *Centre) showNotice(v *visit) error {
	list, err := c.on.Waiting(v.ctx(), v.sub)
	next := v.r.URL.Query().Get("next")
	if err != nil {
		return err
	}
	if len(list) == 0 {
		http.Redirect(v.w, v.r, c.place(next), http.StatusSeeOther)
		return nil
	}
	s := platform.Showing{Surface: c.surface(), At: "login", By: platform.Self(v.sub)}
	if err := c.on.Note(v.ctx(), v.sub, list[0].ID, s); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "notice", noticePage{c.view(v, func(t *words) string { return t.NoticeTitle }), list[0], next})
}

func (c *Centre) answerNotice(v *visit) error {
	id, err := message.ParseID(v.r.PostFormValue("notice"))
	if err != nil {
		return err
	}
	list, err := c.on.Waiting(v.ctx(), v.sub)
	if err != nil {
		return err
	}
	for _, n := range list {
		if n.ID != id {
			continue
		}
		if v.r.PostFormValue("say") == "accept" && n.InForce {
			if err := c.on.Accept(v.ctx(), v.sub, platform.Self(v.sub)); err != nil {
				return err
			}
		}
		s := platform.Showing{Surface: c.surface(), At: "login", Seen: true, By: platform.Self(v.sub)}
		if err := c.on.Note(v.ctx(), v.sub, id, s); err != nil {
			return err
		}
	}
	http.Redirect(v.w, v.r, c.place(v.r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}

// A wayOutPage lets whoever has a message refuse the next, without signing in.
type wayOutPage struct {
	view
	Purpose string
	Left    bool
}

func (c *Centre) askWayOut(v *visit) error { return c.wayOut(v, false) }

// takeWayOut ends such messages: by the button of the page, or by a mail program that
// posts List-Unsubscribe=One-Click (RFC 8058).
func (c *Centre) takeWayOut(v *visit) error { return c.wayOut(v, true) }

func (c *Centre) wayOut(v *visit, take bool) error {
	if !c.frame.Limit("way-out "+c.on.ID()+" "+c.frame.Client(v.r), triesPerClient()) {
		c.frame.TooFast(v.w, v.r)
		return nil
	}
	id, sub, token := message.ID(v.r.PathValue("message")), subject.ID(v.r.PathValue("subject")), v.r.PathValue("token")
	do := c.on.WayOut
	if take {
		do = c.on.LeaveBy
	}
	u, err := do(v.ctx(), id, sub, strings.TrimSpace(token))
	if err != nil {
		return err
	}
	p := c.view(v, func(t *words) string { return t.WayOut })
	return c.show(v, http.StatusOK, "wayout", wayOutPage{p, u.Title.In(web.Lang(v.r, c.on.Policy().Languages())), take})
}
