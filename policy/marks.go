package policy

import "strings"

// A markSet answers whether a text holds any of a set of marks, in one walk over
// the text however many they are. A mark has three bytes or more.
type markSet struct {
	seen  [1 << 16 / 64]uint64 // a bit for the first three bytes of each mark
	marks map[[3]byte][]string // by those bytes
}

func newMarkSet(marks ...[]string) *markSet {
	m := &markSet{marks: map[[3]byte][]string{}}
	for _, list := range marks {
		for _, s := range list {
			key := [3]byte([]byte(s[:3]))
			h := spread(key[0], key[1], key[2])
			m.seen[h/64] |= 1 << (h % 64)
			m.marks[key] = append(m.marks[key], s)
		}
	}
	return m
}

// spread gives three bytes a bit of their own, as far as there are bits.
func spread(a, b, c byte) uint16 { return uint16(a)<<11 ^ uint16(b)<<6 ^ uint16(c) }

// in reports whether s holds a mark.
func (m *markSet) in(s string) bool {
	for i := 0; i+2 < len(s); i++ {
		h := spread(s[i], s[i+1], s[i+2])
		if m.seen[h/64]&(1<<(h%64)) == 0 {
			continue
		}
		for _, mark := range m.marks[[3]byte{s[i], s[i+1], s[i+2]}] {
			if strings.HasPrefix(s[i:], mark) {
				return true
			}
		}
	}
	return false
}
