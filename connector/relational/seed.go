package relational

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/avow-dev/avow/connector"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/seal"
)

// Fold is the expression for a text without case and outer blanks, as every
// engine knows it.
func Fold(text string) string { return "lower(trim(" + text + "))" }

// variants returns the forms in which a stored value equals the one sought, as
// the expression for its kind gives them.
func variants(kind, value, region string) []string {
	value = strings.TrimSpace(value)
	if value == "" {
		return nil
	}
	if kind == "phone" || kind == "fax" {
		return phoneVariants(value, region)
	}
	// Engines fold letters outside ASCII, or do not.
	var out []string
	for _, v := range []string{connector.Fold(value), asciiLower(value), asciiLower(strings.ToUpper(value)), strings.ToLower(value)} {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// phoneVariants returns the digits of a number with and without international
// prefix; the national forms only where the map says which country writes so.
func phoneVariants(value, region string) []string {
	all := strings.TrimPrefix(connector.Digits(value), "00")
	if all == "" {
		return nil
	}
	out := []string{all, "00" + all}
	if region != "" {
		if n := connector.SignificantDigits(value, region); n != all && connector.SignificantDigits(n, region) == n {
			out = append(out, n, "0"+n)
		} else if with := connector.International(value, region); with != "" && with != all {
			out = append(out, with, "00"+with)
		}
	}
	return out
}

func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// seed takes the rows that hold one of the subject's identifiers.
func (w *walk) seed(ctx context.Context) error {
	for _, n := range w.g.order {
		if len(n.ids) == 0 || !n.personal() {
			continue
		}
		cond, args := w.identifying(n)
		if cond == "" {
			continue
		}
		var shared []*row // found by an identifier that several people may have
		var skipped int
		err := w.read(ctx, n, cond, args, func(r *row) error {
			switch w.judge(r) {
			case certain:
				w.take(r, connector.Self, nil, r.why)
			case likely:
				shared = append(shared, r)
			case another:
				skipped++
			}
			return nil
		})
		if err != nil {
			return err
		}
		if skipped > 0 {
			w.warnings = append(w.warnings, fmt.Sprintf("%s: %d rows share an identifier with the person but carry another one that is somebody else's: not taken", n.t.Name, skipped))
		}
		if n.subject && len(shared) > 1 && w.differ(shared) {
			return fault.New(fault.Conflict, "%d rows of %s carry this identifier and belong to different people: ask the person for another identifier", len(shared), n.t.Name)
		}
		for _, r := range shared {
			w.take(r, connector.Self, nil, r.why)
		}
	}
	return nil
}

// identifying returns the condition that a row of n holds an identifier.
func (w *walk) identifying(n *node) (string, []Value) {
	var conds []string
	var args []Value
	for _, id := range n.ids {
		var texts []string
		expr := w.expression(id)
		for _, v := range w.sub.Values(id.kind) {
			texts = append(texts, variants(id.kind, v.Reveal(), w.g.m.Region)...)
		}
		if len(texts) == 0 {
			continue
		}
		sql, more := w.exactly(id, texts, len(args)+1)
		if sql == "" {
			sql, more = w.d.In(expr, texts, len(args)+1)
		}
		conds, args = append(conds, sql), append(args, more...)
	}
	if len(conds) == 0 {
		return "", nil
	}
	return "(" + strings.Join(conds, " OR ") + ")", args
}

// exactly compares an integer column with numbers as numbers, which its index
// serves.
func (w *walk) exactly(id idColumn, texts []string, n int) (string, []Value) {
	if id.col.Class != ClassInteger || id.kind == "phone" {
		return "", nil
	}
	var numbers [][]Value
	for _, t := range texts {
		if i, err := strconv.ParseInt(t, 10, 32); err == nil {
			numbers = append(numbers, []Value{IntValue(i)})
		}
	}
	if len(numbers) != len(texts) {
		return "", nil
	}
	return w.d.Among([]*Column{id.col}, numbers, n)
}

func (w *walk) expression(id idColumn) string {
	if id.kind == "phone" || id.kind == "fax" {
		return w.d.Digits(id.col)
	}
	return w.d.Fold(id.col)
}

type verdict int

const (
	another verdict = iota // somebody else's
	likely                 // the person's, unless another row says otherwise
	certain                // the person's
)

// judge says whose row it is. An exclusive identifier decides; a shared one (a
// telephone) does so only while the row carries no exclusive one of another.
func (w *walk) judge(r *row) verdict {
	found, contradicted := false, false
	for _, id := range r.n.ids {
		held := r.cols[id.col].Plain()
		sought := w.sub.Values(id.kind)
		match := slices.ContainsFunc(storedForms(id.kind, held), func(v string) bool {
			return slices.ContainsFunc(sought, func(p seal.Personal) bool {
				return slices.Contains(variants(id.kind, p.Reveal(), w.g.m.Region), v)
			})
		})
		switch {
		case match && connector.Exclusive(id.kind):
			r.why = r.n.t.Name + "." + id.col.Name
			return certain
		case match:
			found, r.why = true, r.n.t.Name+"."+id.col.Name
		case connector.Exclusive(id.kind) && len(sought) > 0 && strings.TrimSpace(held) != "":
			contradicted = true
		}
	}
	switch {
	case !found || contradicted:
		return another
	}
	return likely
}

// storedForms returns the forms of a stored value that are compared with the
// variants of a sought one.
func storedForms(kind, held string) []string {
	if kind == "phone" || kind == "fax" {
		return []string{connector.Digits(held)}
	}
	return []string{connector.Fold(held), asciiLower(strings.TrimSpace(held))}
}

// differ reports whether rows carry different exclusive identifiers.
func (w *walk) differ(rows []*row) bool {
	for _, id := range rows[0].n.ids {
		if !connector.Exclusive(id.kind) {
			continue
		}
		for _, r := range rows[1:] {
			if connector.Fold(r.cols[id.col].Plain()) != connector.Fold(rows[0].cols[id.col].Plain()) {
				return true
			}
		}
	}
	return false
}
