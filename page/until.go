package page

import (
	"strings"

	"github.com/avow-dev/avow/internal/calendar"
	"github.com/avow-dev/avow/policy"
)

// Until says in words when a retention ends that a data map names: "2031-12-31"
// stays as it is, and "P10Y after order" becomes "10 years after the order".
func Until(end, lang string) string {
	period, after, named := strings.Cut(end, " after ")
	p, err := calendar.Parse(period)
	if err != nil {
		return end
	}
	words := Period(p, lang)
	if !named {
		return words
	}
	what := happening(after, lang)
	if Chinese(lang) {
		return what + "后 " + words
	}
	return words + " after " + what
}

// happening names an event that a time runs from.
func happening(name, lang string) string {
	p, ok := map[string]phrase{
		"order": {"the order", "下单"}, "payment": {"the payment", "付款"}, "invoice": {"the invoice", "开票"}, "delivery": {"the delivery", "送达"},
		"contract": {"the end of the contract", "合同终止"}, "created": {"it was made", "创建"}, "updated": {"its last change", "最近更新"},
	}[name]
	if ok {
		return p.in(lang)
	}
	return event(policy.Event(name), lang)
}
