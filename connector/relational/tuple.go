package relational

import "strings"

// tuples returns the different values of the columns in the rows; rows with a
// NULL among them point nowhere.
func tuples(rows []*row, cols []*Column) [][]Value {
	seen := map[string]bool{}
	var out [][]Value
	for _, r := range rows {
		if t, id, ok := tuple(r, cols); ok && !seen[id] {
			seen[id] = true
			out = append(out, t)
		}
	}
	return out
}

func tuple(r *row, cols []*Column) ([]Value, string, bool) {
	t := make([]Value, len(cols))
	for i, c := range cols {
		if t[i] = r.cols[c]; t[i].Kind == Null {
			return nil, "", false
		}
	}
	return t, loose(t), true
}

// loose is a key for comparing values of two tables: columns that are joined may
// have different types (1 and '1').
func loose(t []Value) string {
	parts := make([]string, len(t))
	for i, v := range t {
		parts[i] = v.Plain()
	}
	return strings.Join(parts, "\x00")
}
