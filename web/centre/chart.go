package centre

import "time"

// The chart of uses, in units of its view box.
const (
	weeksShown = 12
	chartHigh  = 72
	barWide    = 18
	barStep    = 26
)

// A week is one bar of the chart of uses.
type week struct {
	From  time.Time
	Times int
	X, Y  int // upper left corner of the bar
	High  int
}

// weeks counts times by the week they lie in, counted back from now.
func (v view) weeks(times []time.Time) []week {
	const span = 7 * 24 * time.Hour
	out := make([]week, weeksShown)
	most := 1
	for i := range out {
		out[i].From = v.now.Add(-span * time.Duration(weeksShown-i))
		out[i].X = i*barStep + (barStep-barWide)/2
	}
	for _, t := range times {
		n := weeksShown - 1 - int(v.now.Sub(t)/span)
		if n >= 0 && n < weeksShown {
			out[n].Times++
			most = max(most, out[n].Times)
		}
	}
	for i := range out {
		w := &out[i]
		if w.High = w.Times * chartHigh / most; w.Times == 0 {
			w.High = 1
		}
		w.Y = chartHigh - w.High
	}
	return out
}
