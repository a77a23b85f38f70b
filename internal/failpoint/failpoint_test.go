//go:build failpoint

package failpoint

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func TestHitKillsAtTheChosenPassing(t *testing.T) {
	if os.Getenv("AVOW_FAILPOINT") != "" {
		for range 3 {
			Hit("rights.step.before-act")
			os.Stdout.WriteString("passed\n")
		}
		os.Exit(0)
	}
	for _, c := range []struct {
		point string
		want  string
	}{
		{"rights.step.before-act", ""},
		{"rights.step.before-act:3", "passed\npassed\n"},
	} {
		cmd := exec.Command(os.Args[0], "-test.run=TestHitKillsAtTheChosenPassing")
		cmd.Env = append(os.Environ(), "AVOW_FAILPOINT="+c.point)
		out, err := cmd.Output()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Errorf("%s: ended with %v, want a kill", c.point, err)
		}
		if string(out) != c.want {
			t.Errorf("%s: wrote %q before the kill, want %q", c.point, out, c.want)
		}
	}
}

func TestAnUnlistedPointIsAnError(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a point that Names does not list was passed in silence")
		}
	}()
	Hit("rights.no-such-point")
}
