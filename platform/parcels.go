package platform

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/avow-dev/avow/attestation"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/parcel"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/recipient"
	"github.com/avow-dev/avow/subject"
	"github.com/avow-dev/avow/vault"
)

// smallestCell is how many people share a record of a parcel without a person, where
// the policy sets no number of its own.
const smallestCell = 2

// The forms of a parcel.
const (
	formClear     = "clear"
	formSealed    = "sealed"
	formAnonymous = "anonymous"
)

// A HandOver asks to give values of people to a recipient in a parcel.
type HandOver struct {
	Use                 // Recipient is set; Subject is not
	People []subject.ID // at most [vault.MaxBatch]
}

// A Parcel is what leaves. Nothing of it was made before its entry was durable.
type Parcel struct {
	Form    string // clear, sealed, anonymous
	Bytes   []byte
	Records int
	Entry   audit.ID
	Hash    []byte          // SHA-256 of Bytes
	People  []subject.ID    // each once, in no order
	Answers []*vault.Answer // one for each of the people, without values
}

// parcelOut is the content of a parcel, as JSON.
type parcelOut struct {
	Avow      int         `json:"avow_parcel"`
	Platform  string      `json:"platform"`
	Recipient string      `json:"recipient"`
	Purpose   string      `json:"purpose"`
	Policy    string      `json:"policy"`
	Ref       string      `json:"ref,omitempty"`
	Records   []recordOut `json:"records"`
}

// recordOut is one record: of one person, or, without a person, of one value that
// several share.
type recordOut struct {
	Values []valueOut `json:"values,omitempty"`
	Item   string     `json:"item,omitempty"`
	Value  string     `json:"value,omitempty"`
	People int        `json:"people,omitempty"`
}

type valueOut struct {
	Item  string `json:"item"`
	Value string `json:"value"`
}

// ParcelAbout is what a sealed parcel is bound to: open it with the same.
func ParcelAbout(platform, to string) string { return platform + "\n" + to }

// HandOver gives values of people to a recipient in a parcel: each as a use that is
// decided, transformed as the policy says, and logged, and the whole in the form that
// the policy asks for, sealed to the recipient's key or in records without a person.
// Of who is denied nothing is in it.
func (p *Platform) HandOver(ctx context.Context, h HandOver) (*Parcel, error) {
	by, err := p.actor(h.By)
	if err != nil {
		return nil, err
	}
	if err := p.Cleared(ctx, by); err != nil {
		return nil, err
	}
	ask, err := p.use(h.Use, 0, by.Role)
	if err != nil {
		return nil, err
	}
	r := p.Policy().RecipientBy(ask.Recipient)
	switch {
	case r == nil:
		return nil, fault.New(fault.Invalid, "a parcel goes to somebody: name the recipient")
	case len(h.People) == 0 || len(h.People) > vault.MaxBatch:
		return nil, fault.New(fault.Invalid, "a parcel holds data of 1 to %d people: send the rest in another", vault.MaxBatch)
	}
	key, err := p.keyFor(ctx, r, ask)
	if err != nil {
		return nil, err
	}
	h.People = slices.Compact(slices.Sorted(slices.Values(h.People)))
	nums, err := p.gate.Numbers(ctx, h.People)
	if err != nil {
		return nil, err
	}
	ask.Packed = true
	answers, err := p.vault.UseMany(ctx, vault.Batch{Subjects: nums, Use: *ask, By: by})
	if err != nil {
		return nil, err
	}
	p.sawReads(ctx, by, len(answers))
	return p.pack(ctx, h, r, ask, key, answers)
}

// keyFor is the key that a parcel is sealed to; nil where it is not to be. Where one is
// missing nothing leaves, and the entry says so.
func (p *Platform) keyFor(ctx context.Context, r *policy.Recipient, u *policy.Use) (*parcel.PublicKey, error) {
	if !r.Seals(p.Policy(), u.Items) {
		return nil, nil
	}
	var (
		k  recipient.SealKey
		ok bool
	)
	err := p.data.Read(ctx, func(s *db.Snapshot) (err error) {
		k, ok, err = recipient.KeyOf(ctx, s, r.No)
		return err
	})
	if err != nil {
		return nil, err
	}
	if ok {
		key, err := parcel.PublicKeyOf(k.Public)
		return &key, err
	}
	err = p.appendAlone(ctx, audit.Entry{Kind: audit.Denied, Control: policy.ShareDesensitised, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagRecipient, r.No), audit.Num(audit.TagPurpose, u.Purpose), audit.Text(audit.TagReason, policy.NoKey),
	}})
	if err != nil {
		return nil, err
	}
	return nil, fault.New(fault.Denied, "what %s gets is sealed to its key, and none is on record: record it with avow recipient key", r.Name)
}

// pack makes the parcel, and its entry, which is durable before it is returned.
func (p *Platform) pack(ctx context.Context, h HandOver, r *policy.Recipient, u *policy.Use, key *parcel.PublicKey, answers []*vault.Answer) (*Parcel, error) {
	out := parcelOut{Avow: 1, Platform: p.id, Recipient: r.Name, Purpose: h.Purpose, Policy: p.Policy().Version(), Records: []recordOut{}}
	made := &Parcel{Form: formClear, People: h.People, Answers: answers}
	if r.Anonymises() {
		made.Form = formAnonymous
		out.Records = p.shared(answers)
	} else {
		out.Ref = h.Ref.ID
		out.Records = p.records(answers)
	}
	for _, a := range answers {
		a.Values = nil // they are in the parcel, in its form, and nowhere else
	}
	made.Records = len(out.Records)
	var err error
	if made.Bytes, err = json.Marshal(out); err != nil {
		return nil, fmt.Errorf("platform parcel: %w", err)
	}
	if key != nil {
		made.Form = formSealed
		if made.Bytes, err = parcel.Seal(*key, ParcelAbout(p.id, r.Name), made.Bytes); err != nil {
			return nil, fmt.Errorf("platform parcel: %w", err)
		}
	}
	sum := sha256.Sum256(made.Bytes)
	made.Hash = sum[:]
	return made, p.enterParcel(ctx, r, u, made)
}

func (p *Platform) enterParcel(ctx context.Context, r *policy.Recipient, u *policy.Use, made *Parcel) error {
	e := audit.Entry{Kind: audit.ParcelMade, Control: policy.ShareDesensitised, Public: []audit.Field{
		audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagRecipient, r.No), audit.Num(audit.TagPurpose, u.Purpose), audit.Nums(audit.TagItems, u.Items),
		audit.Num(audit.TagCount, made.Records), audit.Text(audit.TagForm, made.Form), audit.Text(audit.TagMask, (r.Oblige &^ policy.MustNotify).String()), audit.Bytes(audit.TagHash, made.Hash),
	}}
	if p.Policy().NeedsOf(u)&policy.NeedCertificate != 0 { // the attestation that it rests on
		err := p.data.Read(ctx, func(s *db.Snapshot) error {
			signed, err := attestation.Newest(ctx, s)
			if last, ok := signed["recipient-certificate"]; ok {
				e.Public = append(e.Public, audit.Num(audit.TagEntry, last.Entry))
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	act := p.data.NewAct()
	var err error
	if made.Entry, err = p.log.Append(ctx, act, e); err != nil {
		return fmt.Errorf("platform parcel: %w", err)
	}
	return p.data.Commit(ctx, act)
}

// records are one record a person, with no id of theirs, in no order.
func (p *Platform) records(answers []*vault.Answer) []recordOut {
	out := []recordOut{}
	for _, a := range answers {
		var x recordOut
		for _, v := range a.Values {
			if it := p.Policy().ItemBy(v.Item); it != nil {
				x.Values = append(x.Values, valueOut{it.Name, v.Text.Reveal()})
			}
		}
		if len(x.Values) > 0 {
			out = append(out, x)
		}
	}
	return out
}

// shared are the values that enough people have, with how many: no record is of one
// person, none links two values, and what is shared by too few is left out.
func (p *Platform) shared(answers []*vault.Answer) []recordOut {
	type cell struct{ item, value string }
	people := map[cell]int{}
	for _, a := range answers {
		own := map[cell]bool{}
		for _, v := range a.Values {
			it := p.Policy().ItemBy(v.Item)
			if it == nil || it.Identifier != "" {
				continue
			}
			if text := v.Text.Reveal(); text != policy.Coarsen("", "") { // coarse already: so the use obliges
				own[cell{it.Name, text}] = true
			}
		}
		for c := range own {
			people[c]++
		}
	}
	least := max(smallestCell, p.Policy().Statistics().Smallest)
	out := []recordOut{}
	for c, n := range people {
		if n >= least {
			out = append(out, recordOut{Item: c.item, Value: c.value, People: n})
		}
	}
	slices.SortFunc(out, func(a, b recordOut) int {
		if a.Item != b.Item {
			return strings.Compare(a.Item, b.Item)
		}
		return strings.Compare(a.Value, b.Value)
	})
	return out
}

// SetRecipientKey records the public key to which what a recipient gets is sealed, and
// where it is attested whose key it is. It takes the place of the one before.
func (p *Platform) SetRecipientKey(ctx context.Context, name, key, document string, by gate.Actor) error {
	r, err := p.Policy().Recipient(name)
	if err != nil {
		return err
	}
	k, err := parcel.ParsePublicKey(key)
	if err != nil {
		return err
	}
	if document == "" || by.ID == "" || by.Role == policy.Self {
		return fault.New(fault.Invalid, "say in which document it is attested whose key it is, and who of the staff records it")
	}
	sum := sha256.Sum256(k.Bytes())
	return p.aboutRecipients(ctx, "recipient-key", func(act *db.Act, id int64) error {
		entry, err := p.log.Append(ctx, act, audit.Entry{Kind: audit.RecipientKeyed, Control: policy.ShareDesensitised, Public: []audit.Field{
			audit.Num(audit.TagPolicy, p.Version().Num), audit.Num(audit.TagRecipient, r.No), audit.Bytes(audit.TagHash, sum[:]),
		}})
		recipient.SetKey(act, recipient.SealKey{ID: id, Recipient: r.No, Public: k.Bytes(), Document: document, By: by.ID, Entry: int64(entry)})
		return err
	})
}

// Denied lists those of whom nothing is in the parcel, since the policy denied it.
func (m *Parcel) Denied() (out []subject.ID) {
	for i, a := range m.Answers {
		if !a.Decision.Allowed {
			out = append(out, m.People[i])
		}
	}
	return out
}
