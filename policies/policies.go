// Package policies holds the policy packs that come with avow: policies of
// real products, written as data. A pack is compiled like any other file.
package policies

import "embed"

// Files holds one YAML file a platform, named by the platform:
// goscom-pro.yaml.
//
//go:embed *.yaml
var Files embed.FS
