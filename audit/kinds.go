package audit

// Kinds lists every kind that this version knows, in the order of their numbers.
func Kinds() []Kind {
	var out []Kind
	for k := Kind(1); k < kinds; k++ {
		if k.name() != "" {
			out = append(out, k)
		}
	}
	return out
}
