package world_test

import (
	"os"
	"testing"

	"github.com/avow-dev/avow/internal/world"
)

func TestMain(m *testing.M) { os.Exit(world.Main(m)) }
