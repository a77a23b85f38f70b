package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/policy"
)

// fieldsView names the fields of an entry. Numbers of the policy become its
// names.
func fieldsView(p *avow.Platform, fields audit.Fields) map[string]any {
	if len(fields) == 0 {
		return nil
	}
	out := map[string]any{}
	for _, f := range fields {
		name, value := f.Tag.String(), named(p.Policy(), f)
		if before, ok := out[name]; ok {
			value = fmt.Sprintf("%v, %v", before, value)
		}
		out[name] = value
	}
	return out
}

func named(p *policy.Policy, f audit.Field) any {
	switch f.Tag {
	case audit.TagPurpose:
		return purposeName(p, policy.PurposeNo(f.Num()))
	case audit.TagRecipient:
		return recipientName(p, policy.RecipientNo(f.Num()))
	case audit.TagItem:
		return itemNames(p, []policy.ItemNo{policy.ItemNo(f.Num())})[0]
	case audit.TagClass:
		return className(p, policy.ClassNo(f.Num()))
	case audit.TagItems:
		var list []policy.ItemNo
		for _, n := range f.Nums() {
			list = append(list, policy.ItemNo(n))
		}
		return strings.Join(itemNames(p, list), ", ")
	}
	return strings.TrimPrefix(f.String(), f.Tag.String()+"=")
}

// words writes fields in one line.
func words(views ...map[string]any) string {
	var out []string
	for _, m := range views {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			out = append(out, fmt.Sprintf("%s=%v", k, m[k]))
		}
	}
	return strings.Join(out, " ")
}
