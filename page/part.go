package page

import (
	"slices"
	"strings"

	"github.com/avow-dev/avow/policy"
)

// A Part is a part of the page in rows and facts: what is never taken, device
// permissions, cookies, sharing, places, changes.
type Part struct {
	Anchor string   `json:"part"`
	Title  string   `json:"title"`
	Intro  string   `json:"intro,omitempty"`
	Head   []string `json:"head,omitempty"` // of the columns; the first one is the row's name
	Rows   []Row    `json:"rows,omitempty"`
	Facts  []Fact   `json:"facts,omitempty"`
	Mark   bool     `json:"assumed,omitempty"` // some of it is assumed
}

// A Row is one line of a part.
type Row struct {
	Anchor string   `json:"-"`
	Title  string   `json:"title"`
	Tags   []string `json:"tags,omitempty"`
	Cells  []string `json:"cells"`
	Mark   bool     `json:"assumed,omitempty"`
}

// parts are the parts that a policy may have and may not. Those it does not speak
// of are left out.
func (r reader) parts() []Part {
	var out []Part
	for _, x := range []Part{r.never(), r.permissions(), r.cookies(), r.sharing(), r.residency(), r.changes(), r.incidents(), r.excluded()} {
		if len(x.Rows)+len(x.Facts) > 0 {
			x.trim()
			out = append(out, x)
		}
	}
	return out
}

// none stands where a row has nothing to say in a column.
const none = "—"

// trim takes away the columns that say nothing in any row.
func (p *Part) trim() {
	for n := len(p.Head) - 1; n > 0; n-- {
		if slices.ContainsFunc(p.Rows, func(r Row) bool { return r.Cells[n-1] != none }) {
			continue
		}
		p.Head = slices.Delete(p.Head, n, n+1)
		for i := range p.Rows {
			p.Rows[i].Cells = slices.Delete(p.Rows[i].Cells, n-1, n)
		}
	}
}

// joined names things in the reader's language, an em dash for none.
func (r reader) joined(list []string) string {
	if len(list) == 0 {
		return none
	}
	return Join(list, r.lang)
}

func (r reader) itemTitles(list []policy.ItemNo) []string {
	var out []string
	for _, no := range list {
		if i := r.p.ItemBy(no); i != nil {
			out = append(out, r.itemTitle(i))
		}
	}
	return out
}

func (r reader) purposeTitles(list []policy.PurposeNo) []string {
	var out []string
	for _, l := range r.purposeLinks(list) {
		out = append(out, l.Title)
	}
	return out
}

// words names codes of the policy.
func (r reader) words(codes []string, name func(code, lang string) string) []string {
	var out []string
	for _, c := range codes {
		out = append(out, name(c, r.lang))
	}
	return out
}

func (r reader) never() Part {
	out := Part{
		Anchor: "never", Title: r.pick("What we never take", "我们绝不收集"),
		Intro: r.pick("The program refuses it, wherever it comes from.", "无论来自何处，程序均拒绝接收。"),
		Head:  []string{r.pick("Never", "绝不收集"), r.pick("Except", "例外"), r.pick("Why", "理由")},
	}
	for _, n := range r.p.Never() {
		title := n.Title.In(r.lang)
		if title == "" {
			title = CategoryTitle(n.Category, r.lang)
			if n.Category == "" {
				title = pattern(n.Pattern, r.lang)
			}
		}
		var except []string
		if n.ByLaw {
			except = append(except, r.pick("where a law demands it", "法律要求的除外"))
		}
		for _, name := range n.Except {
			if i, err := r.p.Item(name); err == nil {
				name = r.itemTitle(i)
			}
			except = append(except, name)
		}
		for _, at := range n.ExceptAt {
			except = append(except, r.point(at))
		}
		cite := n.Cite.In(r.lang)
		if cite == "" {
			cite = none
		}
		out.Rows = append(out.Rows, Row{Title: title, Cells: []string{r.joined(except), cite}})
	}
	return out
}

// point names a collection point.
func (r reader) point(name string) string {
	for _, p := range r.p.Points() {
		if p.Name == name {
			return Title(p.Title, name, r.lang)
		}
	}
	return name
}

func (r reader) permissions() Part {
	out := Part{
		Anchor: "permissions", Title: r.pick("What the app asks your device for", "应用会申请的设备权限"),
		Intro: r.pick("Each is asked for when you first need it. You can say no.", "均在您首次使用相应功能时申请，您可以拒绝。"),
		Head:  []string{r.pick("Permission", "权限"), r.pick("What for", "用途"), r.pick("What is read", "读取的信息"), r.pick("Taking it back", "如何关闭"), r.pick("Without it", "关闭的影响")},
	}
	for _, x := range r.p.Permissions() {
		why := r.purposeTitles(x.Purposes)
		if f := x.Function.In(r.lang); f != "" {
			why = []string{f}
		}
		back := x.Path.In(r.lang)
		switch {
		case back != "":
		case x.Revocable:
			back = r.pick("in the settings of your device, at any time", "可随时在设备设置中关闭")
		default:
			back = none
		}
		row := Row{Anchor: anchor("permission", x.Name), Title: Title(x.Title, x.Name, r.lang), Mark: !x.Assumed.IsZero()}
		row.Cells = []string{r.joined(why), r.joined(r.itemTitles(x.Items)), back, dash(x.Without.In(r.lang))}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (r reader) cookies() Part {
	out := Part{
		Anchor: "cookies", Title: r.pick("Cookies and the like", "Cookie 及同类技术"),
		Intro: r.pick("Essential ones are set without asking. All others wait for your yes.", "必要的无须征得同意，其余均须经您同意。"),
		Head:  []string{r.pick("Name", "名称"), r.pick("What for", "用途"), r.pick("How long", "期限"), r.pick("Set by", "设置方"), r.pick("Without it", "关闭的影响")},
	}
	for _, c := range r.p.Cookies() {
		long := Period(c.Lifetime, r.lang)
		if c.Session {
			long = r.pick("until you close the browser", "关闭浏览器即删除")
		}
		row := Row{
			Anchor: anchor("cookie", c.Name), Title: Title(c.Title, c.Name, r.lang), Tags: []string{trackerClass(c.Class, r.lang)},
			Mark: !c.Assumed.IsZero(),
		}
		row.Cells = []string{r.joined(r.purposeTitles(c.Purposes)), dash(long), r.setBy(c.SetBy), dash(c.Without.In(r.lang))}
		out.Rows = append(out.Rows, row)
	}
	for _, b := range r.p.Beacons() {
		row := Row{
			Anchor: anchor("beacon", b.Name), Title: Title(b.Title, b.Name, r.lang),
			Tags: []string{trackerClass(b.Class, r.lang), r.pick("web beacon", "网络信标")}, Mark: !b.Assumed.IsZero(),
		}
		row.Cells = []string{r.joined(r.purposeTitles(b.Purposes)), r.pick("at each visit", "每次访问"), r.setBy(b.SetBy), none}
		out.Rows = append(out.Rows, row)
	}
	if r.p.Agreeing().GPC && len(out.Rows) > 0 {
		out.Facts = append(out.Facts, Fact{r.pick("Global Privacy Control", "全球隐私控制（GPC）"), r.pick("honoured: what is not essential stays off", "予以遵守：非必要项保持关闭")})
	}
	return out
}

func (r reader) setBy(who string) string {
	if who == policy.FirstParty || who == "" {
		return r.pick("us", "我们")
	}
	if to, err := r.p.Recipient(who); err == nil {
		return Title(to.Title, to.Name, r.lang)
	}
	return who
}

func dash(s string) string {
	if strings.TrimSpace(s) == "" {
		return none
	}
	return s
}

// regions names countries, in the order of the policy.
func (r reader) regions(list []policy.Region) []string {
	var out []string
	for _, c := range list {
		if name := Country(c, r.lang); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
