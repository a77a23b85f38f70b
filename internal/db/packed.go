package db

import (
	"encoding/binary"
	"fmt"
)

// maxPacked bounds the integers that one packed row holds.
const maxPacked = 2048

func (s *Statement) checkPacked(vals []value) error {
	if len(vals) == 0 || len(vals) > maxPacked {
		return fmt.Errorf("%d arguments for the packed %q", len(vals), s.sql)
	}
	for i, v := range vals {
		if v.kind != integer {
			return fmt.Errorf("argument %d is %s, not an integer, in the packed %q", i+1, v.kind, s.sql)
		}
	}
	return nil
}

// pack calls fn with the arguments of the rows that the packed writes make
// together. Its arguments are good until it returns.
func pack(rows []stepRow, fn func(args []value) error) error {
	var args [2]value
	flush := func() error {
		err := fn(args[:])
		args[1].b = args[1].b[:0]
		return err
	}
	for _, r := range rows {
		vals := r.l.args(r.o)
		if n := len(args[1].b); n > 0 && n/8+len(vals) > maxPacked {
			if err := flush(); err != nil {
				return err
			}
		}
		if len(args[1].b) == 0 || vals[0].n > args[0].n {
			args[0] = vals[0]
		}
		for i := range vals {
			args[1].b = binary.BigEndian.AppendUint64(args[1].b, uint64(vals[i].n))
		}
		args[1].kind = blob
	}
	if len(args[1].b) == 0 {
		return nil
	}
	return flush()
}

// addPacked lays the packed writes of l into steps, one for each statement.
func addPacked(steps []step, l *load) []step {
	for _, o := range l.ops {
		if !o.s.packed {
			continue
		}
		i := 0
		for i < len(steps) && steps[i].s != o.s {
			i++
		}
		if i == len(steps) {
			steps = moreSteps(steps, o.s)
		}
		steps[i].rows = append(steps[i].rows, stepRow{l, o})
	}
	return steps
}
