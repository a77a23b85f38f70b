package connector

import "github.com/avow-dev/avow/internal/seal"

// A Row is a row of the person, for the access package.
type Row struct {
	Collection string
	Key        string // canonical key; may be personal
	Role       Role
	Values     []Value // in the order of the columns
}

// A Value is one column of a row.
type Value struct {
	Column string
	Item   string // item of the policy or category; "" where the map calls the column plain
	Type   string // text, integer, number, boolean, date, time, json, blob
	Text   seal.Personal
	Null   bool
	Secret bool // there is a value, but it is a secret of the service: Text is empty
	Size   int  // bytes, of a blob: Text is empty

	Others []string // what others are called whom it is also about: copies leave them out
}
