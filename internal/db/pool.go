package db

import (
	"context"

	"github.com/avow-dev/avow/fault"
)

// A pool keeps up to n connections, opened when they are needed.
type pool[C any] struct {
	open  func(context.Context) (C, error)
	slots chan struct{} // one for each connection in use or idle to be
	idle  chan C
	shut  chan struct{}
}

func newPool[C any](n int, open func(context.Context) (C, error)) *pool[C] {
	return &pool[C]{open: open, slots: make(chan struct{}, n), idle: make(chan C, n), shut: make(chan struct{})}
}

// get waits for a connection. Every get is followed by a put.
func (p *pool[C]) get(ctx context.Context) (C, error) {
	var none C
	select {
	case <-p.shut:
		return none, fault.New(fault.Busy, "the database is closed")
	default:
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return none, ctx.Err()
	case <-p.shut:
		return none, fault.New(fault.Busy, "the database is closed")
	}
	select {
	case c := <-p.idle:
		return c, nil
	default:
	}
	c, err := p.open(ctx)
	if err != nil {
		<-p.slots
		return none, err
	}
	return c, nil
}

// put gives a connection back; a broken one has been closed by the caller.
func (p *pool[C]) put(c C, whole bool) {
	if whole {
		p.idle <- c
	}
	<-p.slots
}

// close waits for the connections in use and closes all.
func (p *pool[C]) close(each func(C) error) error {
	close(p.shut)
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	var first error
	for {
		select {
		case c := <-p.idle:
			if err := each(c); err != nil && first == nil {
				first = err
			}
		default:
			return first
		}
	}
}
