package vault

import (
	"context"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// retain gives every kept class its own minimal identifier: one identifying
// value, sealed under the class's key, and its blind index marked with the
// class, so that the subject can still be found for access, authority and
// defence.
func (v *Vault) retain(ctx context.Context, act *db.Act, s *gate.State, held []row, kept map[policy.ClassNo]bool) error {
	keys := map[policy.ClassNo]seal.Binding{} // of those in which anything is held
	for c := range kept {
		bucket := lastBucket(s, c)
		if key, ok := s.Key(c, bucket); ok {
			keys[c] = seal.Binding{Bucket: bucket, Key: key}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	id, item, err := v.identity(ctx, s.Subject.Num, held, kept)
	if err != nil || item == nil {
		return err
	}
	digest, err := v.index(item, id.value.Reveal())
	if err != nil {
		return err
	}
	for c, k := range keys {
		if err := v.addRow(ctx, act, s.Subject.Num, k.Key, group{class: c, bucket: k.Bucket, data: []datum{id}, due: v.keptUntil(act, s, c)}, pointRetained); err != nil {
			return err
		}
		subject.Identify(act, s.Subject.Num, subject.Identifier{Kind: item.Identifier, Digest: digest, Class: int64(c)})
	}
	return nil
}

// lastBucket is the period of a rolling class that ends last, and 0 of others: the
// identifier of a retained class stays as long as anything of it.
func lastBucket(s *gate.State, c policy.ClassNo) (bucket int64) {
	for _, b := range s.Keys {
		if b.Class == seal.Class(c) {
			bucket = max(bucket, b.Bucket)
		}
	}
	return bucket
}

// Retained is the collection point of the minimal identifiers of retained classes.
const Retained = pointRetained

// pointRetained is the collection point of the minimal identifiers of retained
// classes: nobody gave them again.
const pointRetained = "retained"

// identity returns a value that identifies the subject, outside kept classes.
func (v *Vault) identity(ctx context.Context, num int64, held []row, kept map[policy.ClassNo]bool) (datum, *policy.Item, error) {
	p := v.gate.InForce().Policy
	for _, h := range held {
		if kept[h.class] {
			continue
		}
		data, err := v.openRow(ctx, num, h)
		if fault.Of(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return datum{}, nil, err
		}
		for _, d := range data {
			if item := p.ItemBy(d.item); item != nil && item.Identifier != "" {
				return d, item, nil
			}
		}
	}
	return datum{}, nil, nil
}
