package connectortest

import "testing"

// Run is the suite that a connector to relational databases of a kind passes.
func Run(t *testing.T, kind string, fresh Fresh) {
	shopTests(t, kind, fresh)
	knotTests(t, kind, fresh)
	linkTests(t, kind, fresh)
	stayTests(t, kind, fresh)
}
