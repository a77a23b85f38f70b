package console

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/statistics"
	"github.com/avow-dev/avow/web"
)

// rowsShown is how many lines of a table made elsewhere are shown.
const rowsShown = 200

// A releasePage is counts that left, or wait to.
type releasePage struct {
	countView
	R       *statistics.Release
	Table   *statistics.Table // counted here
	Head    []string          // of a table made elsewhere
	Rows    [][]string
	Rest    int    // how many lines more it has
	Asker   string // names of staff
	Giver   string
	Hash    string
	Own     bool // the reader asked for it
	May     bool // the reader may let it leave
	Reasons []policy.Reason
}

// releaseOf reads the number in the address.
func (c *Console) releaseOf(v *visit) (*statistics.Release, error) {
	n, err := strconv.ParseInt(v.r.PathValue("number"), 10, 64)
	if err != nil {
		return nil, fault.New(fault.NotFound, "no release of statistics has this number")
	}
	return c.on.StatisticsRelease(v.ctx(), n)
}

func (c *Console) oneRelease(v *visit) error { return c.showRelease(v, http.StatusOK, "", nil) }

// showRelease shows a release, with what kept it from leaving.
func (c *Console) showRelease(v *visit, status int, problem string, reasons []policy.Reason) error {
	r, err := c.releaseOf(v)
	if err != nil {
		return err
	}
	p := releasePage{
		countView: c.countView(v, func(t *countWords) string { return t.Release }), R: r, Asker: c.staffName(v.ctx(), r.AskedBy), Hash: fmt.Sprintf("%x", r.Hash),
		Own: r.AskedBy == string(v.by.id), Reasons: reasons,
	}
	p.Title, p.Problem = p.SetName(r.Set), problem
	p.May = r.Released == nil && !p.Own && v.by.approves()
	if r.By != "" {
		p.Giver = c.staffName(v.ctx(), r.By)
	}
	if err := p.read(); err != nil {
		return err
	}
	return c.show(v, status, "release", p)
}

// read reads the table, as it was written when it passed the check.
func (p *releasePage) read() error {
	if p.R.Form == "json" {
		p.Table = &statistics.Table{}
		if err := json.Unmarshal(p.R.Data, p.Table); err != nil {
			return fmt.Errorf("release table: %w", err)
		}
		return nil
	}
	rows, err := csv.NewReader(strings.NewReader(string(p.R.Data))).ReadAll()
	if err != nil {
		return fmt.Errorf("release table: %w", err)
	}
	p.Head, p.Rows = rows[0], rows[1:]
	if n := len(p.Rows) - rowsShown; n > 0 {
		p.Rest, p.Rows = n, p.Rows[:rowsShown]
	}
	return nil
}

// Last is the last day of the release.
func (p releasePage) Last() time.Time { return p.R.Until.Add(-time.Microsecond) }

// releaseTable hands out a table as it left; one that waits is in no file.
func (c *Console) releaseTable(v *visit) error {
	r, err := c.releaseOf(v)
	if err != nil {
		return err
	}
	if r.Released == nil {
		return fault.New(fault.Conflict, "it has not left: nothing is handed out before somebody approved it")
	}
	kind := map[string]string{"json": "application/json", "csv": "text/csv; charset=utf-8"}[r.Form]
	v.attach(kind, fmt.Sprintf("%s-%d.%s", r.Set, r.ID, r.Form))
	_, err = v.w.Write(r.Data)
	return err
}

// approveRelease lets a release leave.
func (c *Console) approveRelease(v *visit) error {
	r, err := c.releaseOf(v)
	if err != nil {
		return err
	}
	if err := c.sure(v); err != nil {
		return c.showRelease(v, http.StatusUnprocessableEntity, c.words(v).NotSure, nil)
	}
	_, reasons, err := c.on.ApproveStatistics(v.ctx(), r.ID, v.by.gate())
	switch {
	case len(reasons) > 0:
		return c.showRelease(v, http.StatusForbidden, "", reasons)
	case fault.Of(err) == fault.Conflict:
		return c.showRelease(v, web.Status(err), c.problem(v, err), nil)
	case err != nil:
		return err
	}
	return c.lead(v, fmt.Sprintf("statistics/releases/%d", r.ID), "statistics-released")
}
