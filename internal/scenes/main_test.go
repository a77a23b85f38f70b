package scenes

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/avow-dev/avow/internal/world"
)

func TestMain(m *testing.M) {
	code := world.Main(m)
	if built.file != "" {
		os.RemoveAll(filepath.Dir(built.file))
	}
	os.Exit(code)
}
