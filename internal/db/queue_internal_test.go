package db

import (
	"context"
	"errors"
	"runtime"
	"testing"
)

func TestTheLowLaneWaitsForTheHighOneButNotForEver(t *testing.T) {
	q := newQueue()
	put := func(low bool) *job {
		j := &job{done: make(chan error, 1)}
		if err := q.put(j, low); err != nil {
			t.Fatal(err)
		}
		return j
	}
	low, other := put(true), put(true)
	for range patience {
		high := []*job{put(false), put(false)}
		if got, _ := takeAll(q); len(got) != 2 || got[0] != high[0] || got[1] != high[1] {
			t.Fatalf("took %d jobs", len(got))
		}
	}
	high := put(false)
	if got, _ := takeAll(q); len(got) != 1 || got[0] != low {
		t.Fatal("after enough groups the low lane has its turn, alone")
	}
	if got, _ := takeAll(q); len(got) != 1 || got[0] != high {
		t.Fatal("then the high lane again")
	}
	if got, _ := takeAll(q); len(got) != 1 || got[0] != other {
		t.Fatal("and the low lane when nobody else waits")
	}
}

func TestAWithdrawnJobIsNotTaken(t *testing.T) {
	q := newQueue()
	ctx, cancel := context.WithCancel(t.Context())
	gone, stays := &job{done: make(chan error, 1)}, &job{done: make(chan error, 1)}
	q.put(gone, false)
	q.put(stays, false)
	cancel()
	if err := gone.wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("wait: %v", err)
	}
	got, _ := takeAll(q)
	if len(got) != 1 || got[0] != stays {
		t.Errorf("took %d jobs", len(got))
	}
	// One that is taken is waited for, whatever its context says.
	stays.done <- nil
	if err := stays.wait(ctx); err != nil {
		t.Errorf("wait: %v", err)
	}
	q.close()
	if err := q.put(gone, false); err == nil {
		t.Error("a closed queue took a job")
	}
	if _, closed := takeAll(q); !closed {
		t.Error("the end was not told")
	}
}

func TestBulkOnPostgresWaitsForWritersButNotForEver(t *testing.T) {
	var l lane
	l.init()
	l.begin()
	entered := make(chan func())
	go func() {
		leave, err := l.enter(context.Background(), true)
		if err != nil {
			t.Error(err)
		}
		entered <- leave
	}()
	for l.waiting() == 0 {
		runtime.Gosched()
	}
	select {
	case <-entered:
		t.Fatal("bulk work began beside a writer")
	default:
	}
	l.end()
	(<-entered)()
	// Under a steady stream it has its turn too.
	l.begin()
	go func() {
		leave, _ := l.enter(context.Background(), true)
		entered <- leave
	}()
	for l.waiting() == 0 {
		runtime.Gosched()
	}
	for {
		l.begin()
		l.end()
		select {
		case leave := <-entered:
			leave()
			return
		default:
		}
	}
}

func (l *lane) waiting() int { return len(l.low) }

// takeAll takes as somebody does who has nothing on its way.
func takeAll(q *queue) ([]*job, bool) {
	got, closed := q.take(nil, maxGroup, false)
	q.done(len(got))
	return got, closed
}

func TestASecondGroupBeginsOnlyWhereItIsWorthItsCost(t *testing.T) {
	q := newQueue()
	put := func(n int) {
		for range n {
			if err := q.put(&job{done: make(chan error, 1)}, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	take := func(late bool, want int) int {
		t.Helper()
		got, _ := q.take(nil, maxGroup, late)
		if len(got) != want {
			t.Fatalf("took %d, want %d", len(got), want)
		}
		return want
	}
	put(fewActs)
	first := take(false, fewActs)
	put(fewActs + 1)
	second := take(false, fewActs+1) // beside a small one
	put(manyActs - 1)
	take(false, 0)
	put(1)
	take(false, manyActs)
	q.done(manyActs + second)
	put(1)
	take(false, 1)
	q.done(first + 1)
	put(fewActs + 1)
	take(false, fewActs+1)
	put(1)
	take(false, 0)
	if late := q.idle(); late {
		t.Error("a signal that came is not late")
	}
	if late := q.idle(); !late {
		t.Error("who waits behind a long group is not noticed")
	}
	take(true, 1)
}
