package bench

import (
	"fmt"
	"strings"
	"testing"

	"github.com/avow-dev/avow/internal/bench/gdprbench"
)

// slots are how many records a user can have: one more than at the beginning.
const slots = gdprbench.PerUser + 1

// A catalogue is GDPRbench's metadata as a policy has it: of each purpose.
type catalogue [gdprbench.Purposes][gdprbench.Category + 1]int

func newCatalogue() (c catalogue) {
	for p := range c {
		for f := range c[p] {
			c[p][f] = gdprbench.Field(f).Value(p)
		}
	}
	return c
}

// itemOf names the item that record k is.
func itemOf(s gdprbench.Scale, k int) string {
	return fmt.Sprintf("record.p%d.s%d", gdprbench.Purpose(k), s.Slot(k))
}

func purposeOf(p int) string { return fmt.Sprintf("purpose%d", p) }

// itemsOf names the items of a purpose.
func itemsOf(p int) (list []string) {
	for s := range slots {
		list = append(list, fmt.Sprintf("record.p%d.s%d", p, s))
	}
	return list
}

// categories are ten of the Fides taxonomy.
var categories = [gdprbench.Values]string{
	"user.content", "user.behavior", "user.behavior.purchase_history", "user.device.ip_address", "user.contact",
	"user.contact.email", "user.contact.phone_number", "user.name", "user.demographic", "user.location",
}

// policy writes the catalogue as a policy: purposes with their objections, items
// with their source, category and retention, recipients and roles.
func (c *catalogue) policy(t testing.TB) string {
	t.Helper()
	more := map[string]*strings.Builder{}
	add := func(key, format string, args ...any) {
		if more[key] == nil {
			more[key] = &strings.Builder{}
		}
		fmt.Fprintf(more[key], "  "+format+"\n", args...)
	}
	for v := range gdprbench.Values {
		add("points", "src%d: {title: %s, surface: web}", v, title("Source"))
		add("keep", "ttl%d: {title: %s, for: P%dD, then: erase, assumed: true, why: %s}", v, title("Time"), 300+v, title("Time"))
		with := []string{"account"}
		shared := []string{"account"}
		items := []string{"account.email"}
		for p := range c {
			if c[p][gdprbench.Access] == v {
				with = append(with, purposeOf(p))
			}
			if c[p][gdprbench.Sharing] == v {
				shared = append(shared, purposeOf(p))
				items = append(items, itemsOf(p)...)
			}
		}
		add("roles", "acl%d: {title: %s, purposes: [%s]}", v, title("Role"), strings.Join(with, ", "))
		add("recipients", "shr%d: {name: %s, role: processor, purposes: [%s], items: [%s], country: DE, method: transfer, url: \"https://r.test/\", agreement: required}",
			v, title("Recipient"), strings.Join(shared, ", "), strings.Join(items, ", "))
	}
	for p, m := range c {
		decides := ""
		if m[gdprbench.Deciding] == 1 {
			decides = ", automated: true"
		}
		add("purposes", "purpose%d: {title: %s, basis: legitimate-interest, opt_out: true, interest: %s%s}", p, title("Purpose"), title("Interest"), decides)
		for _, item := range itemsOf(p) {
			add("items", "%s: {title: %s, category: %s, type: text, source: given, at: [src%d, load], purposes: [purpose%d], keep: ttl%d}",
				item, title("Record"), categories[m[gdprbench.Category]], m[gdprbench.Source], p, p%gdprbench.Values)
		}
	}
	add("points", "load: {title: %s, surface: web}", title("Load"))
	lines := map[string]string{}
	for key, b := range more {
		lines[key] = b.String()
	}
	return base(t, lines)
}
