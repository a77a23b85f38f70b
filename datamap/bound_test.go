package datamap_test

import (
	"strings"
	"testing"

	"github.com/avow-dev/avow/datamap"
)

func TestAMapThatNestsWithoutEndIsRefusedAtOnce(t *testing.T) {
	for name, src := range map[string]string{
		"brackets": strings.Repeat("[", 20000), "braces": strings.Repeat("{a: ", 20000), "lines": strings.Repeat("[\n", 20000),
		"dashes": strings.Repeat("- ", 20000), "size": strings.Repeat("# a remark\n", 1<<17),
	} {
		if _, err := datamap.Parse("m.yaml", []byte(src)); err == nil || strings.Count(err.Error(), "\n") > 3 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
