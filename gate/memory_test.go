package gate

import (
	"reflect"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

var stateOpts = cmp.Options{cmp.AllowUnexported(State{}), cmpopts.EquateEmpty()}

// someone returns the state of somebody about whom the usual things are known.
func someone(num, version int64) *State {
	at := time.UnixMicro(1_700_000_000_000_000).UTC()
	return &State{
		epoch: 3, ledger: 4,
		Facts:   policy.Facts{Accepted: true, Account: policy.AccountOpen, Age: policy.AgeAdult},
		Subject: subject.Facts{Num: num, ID: subject.NewID(), Kind: subject.Natural, Version: version, State: subject.Open, Age: subject.Adult, Accepted: "sha256:1", LogKey: 7, Created: at},
		Keys:    []seal.Binding{{Class: 1, Key: 7}, {Class: 2, Bucket: 19, Key: 8}},
	}
}

func standingOf(s *State) *standing {
	f := &s.Facts
	return &standing{
		agreed: f.Agreements, overdue: f.AuditDue, stopped: f.Suspended, unseen: f.Unreviewed, untaught: f.Uninstructed,
		epoch: s.epoch, ledger: s.ledger, number: 1,
	}
}

// TestFactsLieInOneLine: what a decision reads is one line of the processor's cache.
func TestFactsLieInOneLine(t *testing.T) {
	if n := unsafe.Sizeof(said{}); n != 64 {
		t.Errorf("what is said takes %d bytes, want 64", n)
	}
}

// TestAMemoryLosesNothing changes every field that facts have, one after the other:
// what comes back is the same, or nothing.
func TestAMemoryLosesNothing(t *testing.T) {
	check := func(t *testing.T, s *State, must bool) {
		t.Helper()
		m, st := newMemory(10), standingOf(s)
		m.keep(s, st, true)
		got := m.state(s.Subject.Num, st)
		switch {
		case got == nil && must:
			t.Error("nothing was kept")
		case got != nil && !cmp.Equal(s, got, stateOpts):
			t.Errorf("other facts came back: %s", cmp.Diff(s, got, stateOpts))
		}
		var f policy.Facts
		if _, ok := m.facts(s.Subject.Num, st, &f); ok != (got != nil) || ok && !cmp.Equal(s.Facts, f, stateOpts) {
			t.Errorf("other facts for a decision: %s", cmp.Diff(s.Facts, f, stateOpts))
		}
	}
	check(t, someone(5, 1), true)
	var walk func(path string, of func(*State) reflect.Value)
	walk = func(path string, of func(*State) reflect.Value) {
		v := of(someone(5, 1))
		switch {
		case v.Type() == reflect.TypeFor[time.Time]():
			s := someone(5, 1)
			of(s).Set(reflect.ValueOf(time.UnixMicro(1_800_000_000_000_001).UTC()))
			t.Run(path, func(t *testing.T) { check(t, s, true) })
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, func(s *State) reflect.Value { return of(s).Field(i) })
			}
		case v.Kind() == reflect.Array:
			for i := range v.Len() {
				s := someone(5, 1)
				of(s).Index(i).SetUint(1 << 63)
				t.Run(path, func(t *testing.T) { check(t, s, i == 0) })
			}
		default:
			s := someone(5, 1)
			set(t, of(s))
			t.Run(path, func(t *testing.T) { check(t, s, false) })
		}
	}
	for _, name := range []string{"Facts", "Subject", "Holds", "Keys"} {
		walk(name, func(s *State) reflect.Value { return reflect.ValueOf(s).Elem().FieldByName(name) })
	}
	many := someone(5, 1)
	for i := range int64(keysPacked) {
		many.Keys = append(many.Keys, seal.Binding{Class: 3, Bucket: i, Key: seal.KeyID(100 + i)})
	}
	check(t, many, false)
	late := someone(5, 1)
	late.until = time.UnixMicro(1_800_000_000_000_002).UTC()
	check(t, late, true)
}

// set gives a field another value than it has.
func set(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() + 300)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(v.Uint() + 1)
	case reflect.Slice:
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	default:
		t.Fatalf("a field of kind %s", v.Kind())
	}
}

func TestWhoHasAPlaceInAMemory(t *testing.T) {
	const places = shelfSize // of a memory of one shelf
	m, st := newMemory(1), standingOf(someone(1, 1))
	has := func(num, version int64) {
		t.Helper()
		s := m.state(num, st)
		if version == 0 && s != nil || version != 0 && (s == nil || s.Subject.Version != version) {
			t.Errorf("of %d there is %+v, want version %d", num, s, version)
		}
	}
	m.keep(someone(1, 2), st, true)
	m.keep(someone(1, 1), st, true)
	has(1, 2) // not what was read before
	m.keep(someone(1+places, 1), st, false)
	has(1, 2)
	has(1+places, 0)
	m.keep(someone(1+places, 1), st, true)
	has(1, 0)
	has(1+places, 1)
	m.forget(1)
	has(1+places, 1)
	odd := someone(1+places, 2)
	odd.Holds = make([]subject.Hold, 1)
	m.keep(odd, st, true)
	has(1+places, 0) // rather nothing than what was before
	m.keep(someone(2, 1), st, true)
	m.forget(2)
	has(2, 0)
	m.keep(someone(3, 1), st, true)
	later := *st
	later.number++
	if m.state(3, &later) != nil {
		t.Error("kept although the recipients stand otherwise")
	}
	m.keep(someone(3+places, 1), &later, false)
	if m.state(3+places, &later) == nil {
		t.Error("a place that nobody can use any more is not given away")
	}
	other := standingOf(someone(4, 1))
	other.agreed.Add(1)
	m.keep(someone(4, 1), other, true)
	if m.state(4, other) != nil {
		t.Error("kept under a standing that it was not made with")
	}
}

// TestAMemoryIsOfOneMoment: facts and the rest are of the same version, whoever writes
// meanwhile.
func TestAMemoryIsOfOneMoment(t *testing.T) {
	m, st := newMemory(1), standingOf(someone(1, 1))
	var all sync.WaitGroup
	all.Go(func() {
		for v := range int64(2000) {
			s := someone(9, v+1)
			s.Facts.Restricted, s.Subject.Restricted = v%2 == 0, v%2 == 0
			s.Facts.Consents[0], s.Subject.LogKey = uint64(v+1), seal.KeyID(v+1)
			m.keep(s, st, true)
		}
	})
	for range 2 {
		all.Go(func() {
			last := int64(0)
			for last < 2000 {
				s := m.state(9, st)
				if s == nil {
					continue
				}
				v := s.Subject.Version
				if v < last || s.Facts.Consents[0] != uint64(v) || s.Subject.LogKey != seal.KeyID(v) || s.Facts.Restricted != s.Subject.Restricted {
					t.Errorf("version %d after %d with facts of another: %+v", v, last, s)
					return
				}
				last = v
			}
		})
	}
	all.Wait()
}
