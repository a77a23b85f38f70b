package world

import "slices"

// Marks searches b for markers in every form in which software writes text down,
// and in what is compressed in it. It returns each that it found, with its form.
func Marks(b []byte, markers ...string) (found []string) {
	c := newCanary()
	for _, m := range markers {
		c.add(m)
	}
	for _, h := range c.find(b) {
		found = append(found, h.token+" ("+h.form+")")
	}
	slices.Sort(found)
	return slices.Compact(found)
}
