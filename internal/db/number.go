package db

import (
	"context"
	"fmt"
	"sync"
)

// Blocks of numbers double from the first to the last size while they are used
// up, so that a short run wastes few and a long one writes seldom.
const (
	firstBlock = 16
	lastBlock  = 4096
)

const takeNumbers = `INSERT INTO db_number (name, next) VALUES ($1, 1 + $2)
	ON CONFLICT (name) DO UPDATE SET next = db_number.next + $2
	RETURNING next`

// A sequence hands out the numbers of a block that this process owns.
type sequence struct {
	mu    sync.Mutex // owns what follows
	next  int64
	end   int64
	block int64
}

// Number returns the next number of the sequence called name, from 1 on. It is
// never given out again, by any node, even after a crash; numbers may be
// skipped. Not to be called inside Tx.
func (d *DB) Number(ctx context.Context, name string) (int64, error) {
	v, ok := d.numbers.Load(name)
	if !ok {
		v, _ = d.numbers.LoadOrStore(name, &sequence{block: firstBlock})
	}
	s := v.(*sequence)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == s.end {
		var next int64
		err := d.Tx(ctx, func(tx *Tx) error {
			return tx.Row(ctx, takeNumbers, name, s.block).Scan(&next)
		})
		if err != nil {
			return 0, fmt.Errorf("db number: %w", err)
		}
		s.next, s.end = next-s.block, next
		s.block = min(2*s.block, lastBlock)
	}
	s.next++
	return s.next - 1, nil
}
