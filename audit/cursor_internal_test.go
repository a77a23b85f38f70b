package audit

import "testing"

// FuzzCursor reads the place in a list of entries that a caller sends back: what is
// taken is what a page of that list could have named.
func FuzzCursor(f *testing.F) {
	for _, s := range []string{"", "s0.0", "t1.2", "s9223372036854775807.9223372036854775807", "s-1.5", "s1", "x1.2", "s+1.2", "s 1.2"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, after string, ofSubject bool) {
		filter := Filter{After: after}
		letter := byte('s')
		if ofSubject {
			filter.Subject, letter = 1, 't'
		}
		if _, _, err := parseCursor(filter); err == nil && after != "" && after[0] != letter {
			t.Errorf("%q was taken for a place of another list", after)
		}
	})
}
