package policy

// Numbers stand for names on the hot path and in stored rows. They start at 1,
// are given by [Compile] through [Numbers], stay the same in every later
// version of a platform's policy, and are never given to another name. Zero
// names nothing.
type (
	ItemNo      uint16 // an item
	PurposeNo   uint16 // a purpose
	ClassNo     uint16 // a retention class
	RecipientNo uint16 // a recipient
	RoleNo      uint16 // a role of staff
)

// The two actors that are not roles of staff.
const (
	Service RoleNo = 0      // the controller's own software, acting for the service
	Self    RoleNo = 0xffff // the person the data is about
)

// The highest numbers a platform can give out over its life.
const (
	MaxItems  = 511 // items
	MaxNames  = 255 // purposes, classes and recipients, each
	MaxRoles  = 63  // roles of staff
	itemWords = 8
	nameWords = 4
)

// An ItemSet is a set of items, by number. The zero value is empty.
type ItemSet [itemWords]uint64

// Has reports whether n is in s.
func (s *ItemSet) Has(n ItemNo) bool {
	return n <= MaxItems && s[n>>6&(itemWords-1)]>>(n&63)&1 != 0
}

// Add puts n into s. Numbers beyond [MaxItems] are ignored.
func (s *ItemSet) Add(n ItemNo) {
	if n <= MaxItems {
		s[n>>6] |= 1 << (n & 63)
	}
}

// Remove takes n out of s.
func (s *ItemSet) Remove(n ItemNo) {
	if n <= MaxItems {
		s[n>>6] &^= 1 << (n & 63)
	}
}

// A Set is a set of purposes, classes or recipients, by number. The zero value
// is empty.
type Set[N ~uint16] [nameWords]uint64

// The sets that facts are made of.
type (
	PurposeSet   = Set[PurposeNo]   // purposes
	ClassSet     = Set[ClassNo]     // retention classes
	RecipientSet = Set[RecipientNo] // recipients; bit 0 stands for "nobody named"
)

// Has reports whether n is in s.
func (s *Set[N]) Has(n N) bool {
	return n <= MaxNames && s[n>>6&(nameWords-1)]>>(n&63)&1 != 0
}

// Add puts n into s. Numbers beyond [MaxNames] are ignored.
func (s *Set[N]) Add(n N) {
	if n <= MaxNames {
		s[n>>6] |= 1 << (n & 63)
	}
}

// Remove takes n out of s.
func (s *Set[N]) Remove(n N) {
	if n <= MaxNames {
		s[n>>6] &^= 1 << (n & 63)
	}
}
