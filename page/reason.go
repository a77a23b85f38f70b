package page

// VersionReason names why a version of a policy was written.
func VersionReason(code, lang string) string {
	words := map[string]phrase{
		"business": {"the business changed", "业务调整"}, "function": {"a function changed", "功能升级"}, "law": {"the law changed", "法律变化"},
		"practice": {"a better practice", "实践改进"}, "correction": {"a correction", "更正"},
	}
	w, ok := words[code]
	if !ok {
		return code
	}
	return w.in(lang)
}
