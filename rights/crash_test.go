package rights

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/failpoint"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// drive takes a request from wherever it stands to its end, as staff and workers
// would. It returns the first error.
func (s *stack) drive(ctx context.Context, right policy.RightKind, zipped *bytes.Buffer) error {
	for range 100 {
		list, err := s.rights.List(ctx, Filter{})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			a := asked(right, "email", "mia@lamp.test")
			if right == policy.Rectification {
				a = correcting("account.phone", "+49305550000")
			}
			if _, err := s.rights.Receive(ctx, a, support()); err != nil {
				return err
			}
			continue
		}
		done, err := s.forward(ctx, list[0], zipped)
		if err != nil || done {
			return err
		}
	}
	return errors.New("the request does not get on")
}

func (s *stack) forward(ctx context.Context, q Summary, zipped *bytes.Buffer) (done bool, err error) {
	switch q.State {
	case Received:
		err = s.rights.Verify(ctx, q.ID, self(), "login")
	case Verified:
		_, err = s.rights.Survey(ctx, q.ID, support())
	case Surveyed:
		_, err = s.rights.Plan(ctx, q.ID, support())
	case Planned:
		v, err2 := s.rights.Show(ctx, q.ID)
		if err2 != nil {
			return false, err2
		}
		err = s.rights.Approve(ctx, q.ID, v.Plan.Hash, s.officer())
	case Approved:
		err = s.rights.Run(ctx, q.ID, support())
	case Running:
		_, err = s.jobs.RunDue(ctx)
	case VerifiedAfter:
		if q.Right == policy.Access {
			zipped.Reset()
			return false, s.rights.Deliver(ctx, q.ID, s.owner(q.ID), zipped)
		}
		_, err = s.jobs.RunDue(ctx)
	case Delivered:
		_, err = s.jobs.RunDue(ctx)
		return err == nil, err
	default:
		return false, fmt.Errorf("the request is %s: %s", q.State, q.Cause)
	}
	if err == nil {
		err = ctx.Err()
	}
	return false, err
}

// crashAt drives a request and cuts it off at the n-th passing of a point, then
// opens everything anew and goes on. It reports whether the point was passed.
func (s *stack) crashAt(right policy.RightKind, point string, n int) (passed bool, zipped []byte) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.rights.passed = func(p string) {
		if p == point {
			if n--; n == 0 {
				passed = true
				cancel()
			}
		}
	}
	var out bytes.Buffer
	err := s.drive(ctx, right, &out)
	if !passed {
		return false, nil
	}
	if err == nil && !strings.Contains(point, "after-commit") {
		s.t.Errorf("%s: nothing noticed that the process was cut off", point)
	}
	s.reopen()
	s.must(s.drive(context.Background(), right, &out))
	return true, out.Bytes()
}

func TestARequestCutOffAnywhereIsDoneOnce(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		for _, point := range failpoint.Names() {
			right := policy.Erasure
			switch {
			case !strings.HasPrefix(point, "rights."):
				continue // the vault's own tests pass those
			case strings.HasPrefix(point, "rights.export"), strings.HasPrefix(point, "rights.pack"):
				right = policy.Access
			}
			if engine == db.Postgres && !strings.HasPrefix(point, "rights.step") {
				continue // the same code: the steps are where the engines could differ
			}
			t.Run(fmt.Sprintf("%s/%s", engine, point), func(t *testing.T) {
				t.Parallel()
				for _, n := range []int{1, 4} {
					if n > 1 && (engine == db.Postgres || testing.Short()) {
						continue
					}
					s := newStack(t, engine)
					s.people()
					passed, zipped := s.crashAt(right, point, n)
					if !passed {
						if n == 1 {
							t.Errorf("no request passes %s", point)
						}
						continue
					}
					s.once(right, zipped)
				}
			})
		}
	}
}

// once checks that a request was carried out, and each part of it once.
func (s *stack) once(right policy.RightKind, zipped []byte) {
	s.t.Helper()
	list, err := s.rights.List(s.t.Context(), Filter{})
	s.must(err)
	if len(list) != 1 {
		s.t.Fatalf("there are %d requests", len(list))
	}
	v := s.wants(list[0].ID, Delivered)
	ends := map[int64]int{}
	kinds := map[string]int{}
	for _, e := range v.Events {
		kinds[e.Kind]++
		if e.Step != 0 && (e.Kind == "step-done" || e.Kind == "exported" || e.Kind == "notice-sent") {
			ends[e.Step]++
		}
	}
	for _, t := range v.Steps {
		ended := t.Kind != plan.Deliver && t.Kind != plan.Close
		if ended && (t.State != "done" || ends[t.Number] != 1) {
			s.t.Errorf("step %d (%s %s) is %s and ended %d times", t.Number, t.Kind, t.System, t.State, ends[t.Number])
		}
	}
	for _, kind := range []string{"request-received", "request-verified", "surveyed", "approved", "verified-after", "delivered"} {
		if kinds[kind] != 1 {
			s.t.Errorf("the timeline tells %d times: %s", kinds[kind], kind)
		}
	}
	if right == policy.Access {
		s.checkPackage(v.ID, zipped)
		return
	}
	s.checkReceipt(v.ID)
	if kinds["request-key-ended"] != 1 || v.KeyEnded == nil {
		s.t.Errorf("the request key ended %d times", kinds["request-key-ended"])
	}
	for query, want := range map[string]int{
		`SELECT count(*) FROM customers WHERE id = 1`: 0,
		`SELECT count(*) FROM customers WHERE id = 2`: 1,
		`SELECT count(*) FROM messages`:               1,
	} {
		if got := s.count(query); got != want {
			s.t.Errorf("%s gives %d, want %d", query, got, want)
		}
	}
}
