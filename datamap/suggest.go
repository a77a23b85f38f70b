package datamap

import "sort"

// Suggest returns the word of known that is nearest to word, or "" when none is
// near enough to have been meant.
func Suggest(word string, known []string) string {
	best, limit := "", len(word)/3+1
	sorted := append([]string(nil), known...)
	sort.Strings(sorted)
	for _, k := range sorted {
		if len(k) > len(word)+limit || len(word) > len(k)+limit {
			continue
		}
		if d := distance(word, k); d <= limit && d < max(len(word), len(k)) {
			if d == limit && best != "" {
				continue
			}
			best, limit = k, d
		}
	}
	return best
}

// DidYouMean returns " (did you mean x?)" or "".
func DidYouMean(word string, known []string) string {
	if s := Suggest(word, known); s != "" {
		return " (did you mean " + s + "?)"
	}
	return ""
}

// distance is the edit distance of two words, letters of either case alike.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		prev := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if lower(a[i-1]) == lower(b[j-1]) {
				cost = 0
			}
			next := min(row[j]+1, row[j-1]+1, prev+cost)
			prev, row[j] = row[j], next
		}
	}
	return row[len(b)]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
