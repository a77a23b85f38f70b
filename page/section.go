package page

// SectionTitle names a section of a policy in the reader's language; the name
// itself where it has no title.
func SectionTitle(name, lang string) string { return section(name, lang) }
