package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

func (s *Server) ledger() {
	route(s, operation{
		id: "list-own-entries", method: http.MethodGet, path: "/subjects/{subject}/entries", tag: "ledger", scope: api.LedgerRead,
		summary: "Log entries about a subject", more: "Every use is one of them.",
	}, ownEntries)
	route(s, operation{
		id: "list-entries", method: http.MethodGet, path: "/ledger/entries", tag: "ledger", scope: api.LedgerRead,
		summary: "Log entries, public parts",
	}, allEntries)
	route(s, operation{
		id: "get-checkpoint", method: http.MethodGet, path: "/ledger/checkpoint", tag: "ledger", scope: api.LedgerRead,
		summary: "The newest signed checkpoint",
	}, func(ctx context.Context, c call, _ *On) (*body[api.Checkpoint], error) {
		p, err := c.Log().Checkpoint(ctx)
		return &body[api.Checkpoint]{api.Checkpoint{Origin: p.Origin, Size: p.Size, Note: string(p.Note), Key: c.Log().Key()}}, err
	})
	route(s, operation{
		id: "get-proof", method: http.MethodGet, path: "/ledger/entries/{entry}/proof", tag: "ledger", scope: api.LedgerRead,
		summary: "Proof that an entry is in the log", more: "It verifies offline, with the log's verifier key.",
	}, func(ctx context.Context, c call, in *struct {
		On
		Entry int64 `path:"entry" minimum:"1" doc:"Entry"`
	},
	) (*body[audit.Proof], error) {
		p, err := c.Log().Proof(ctx, in.Entry)
		return &body[audit.Proof]{p}, err
	})
}

// Listed is a page of the log.
type Listed struct {
	Paged
	Kind   string `query:"kind" maxLength:"60" doc:"Kind of entry, such as used; every kind when left out"`
	Newest bool   `query:"newest" doc:"Newest first"`
}

func (l Listed) filter() (audit.Filter, error) {
	f := audit.Filter{Newest: l.Newest, After: l.After, Limit: l.limit() + 1}
	if l.Kind != "" {
		var ok bool
		if f.Kind, ok = audit.ParseKind(l.Kind); !ok {
			return f, fault.New(fault.Invalid, "kind: there is no kind of entry by that name")
		}
	}
	return f, nil
}

func ownEntries(ctx context.Context, c call, in *struct {
	Of
	Listed
},
) (*body[api.Entries], error) {
	id, err := in.sub()
	if err != nil {
		return nil, err
	}
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	list, err := c.OwnEntries(ctx, id, f)
	return &body[api.Entries]{c.entries(list, in.limit(), true)}, err
}

func allEntries(ctx context.Context, c call, in *struct {
	On
	Listed
},
) (*body[api.Entries], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	list, err := c.Entries(ctx, f)
	return &body[api.Entries]{c.entries(list, in.limit(), false)}, err
}

func (c call) entries(list []audit.Record, limit int, own bool) api.Entries {
	out := api.Entries{Entries: make([]api.Entry, 0, min(len(list), limit))}
	for i, r := range list {
		if i == limit {
			out.Next = list[i-1].Cursor(own)
			break
		}
		e := api.Entry{ID: r.ID, Number: r.Seq, Kind: r.Kind.String(), At: r.At, Control: string(r.Control), Sealed: string(r.Sealed), Public: map[string]string{}}
		for _, f := range r.Public {
			if name, value := c.field(f); value != "" {
				e.Public[name] = value
			}
		}
		out.Entries = append(out.Entries, e)
	}
	return out
}

// field is a public field in words. Private ones are left out.
func (c call) field(f audit.Field) (name, value string) {
	if f.Tag.Private() {
		return "", ""
	}
	switch f.Tag {
	case audit.TagPurpose:
		return f.Tag.String(), c.purposeName(policy.PurposeNo(f.Num()))
	case audit.TagRecipient:
		return f.Tag.String(), c.recipientName(policy.RecipientNo(f.Num()))
	case audit.TagClass:
		return f.Tag.String(), c.className(policy.ClassNo(f.Num()))
	case audit.TagItems:
		var items []string
		for _, n := range f.Nums() {
			items = append(items, c.itemName(policy.ItemNo(n)))
		}
		return f.Tag.String(), strings.Join(items, " ")
	}
	name, value, _ = strings.Cut(f.String(), "=")
	return name, value
}
