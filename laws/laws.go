// Package laws holds the rule packs: what a law demands of every policy it
// applies to, as data. A pack names its clocks with the article or standard
// each comes from; package policy reads the packs and lets the strictest of
// law and policy win.
package laws

import "embed"

// Files holds one YAML file a law, named by the law: pipl.yaml, gdpr.yaml,
// ccpa.yaml.
//
//go:embed *.yaml
var Files embed.FS
