package policy

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
)

// SARIF gives findings in the form code review tools read (SARIF 2.1.0, OASIS
// 2020). version is the version of the tool that found them.
func SARIF(version string, all []Finding) ([]byte, error) {
	type m = map[string]any
	rules, index, results := []m{}, map[string]int{}, []m{}
	for _, f := range all {
		i, known := index[f.Code]
		if !known {
			i = len(rules)
			index[f.Code] = i
			rules = append(rules, m{
				"id": f.Code, "helpUri": "https://github.com/avow-dev/avow/blob/main/docs/policy-language.md",
				"defaultConfiguration": m{"level": string(f.Severity)},
			})
		}
		text := f.Message
		if f.Remedy != "" {
			text += "; " + f.Remedy
		}
		results = append(results, m{
			"ruleId": f.Code, "ruleIndex": i, "level": string(f.Severity), "message": m{"text": text},
			"locations": []m{{"physicalLocation": m{
				"artifactLocation": m{"uri": filepath.ToSlash(f.Pos.File)},
				"region":           m{"startLine": max(1, f.Pos.Line), "startColumn": max(1, f.Pos.Column)},
			}}},
		})
	}
	out, err := json.MarshalIndent(m{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []m{{
			"tool":       m{"driver": m{"name": "avow", "version": version, "informationUri": "https://github.com/avow-dev/avow", "rules": rules}},
			"columnKind": "unicodeCodePoints", "results": slices.Clip(results),
		}},
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("policy sarif: %w", err)
	}
	return append(out, '\n'), nil
}
