package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long one thing that a person does may take.
const patience = 2 * time.Minute

// A Browser is one Chromium, ended with its test.
type Browser struct {
	ctx    context.Context
	axe    string // source of axe-core
	shapes *shapes
}

// Start starts Chromium.
func Start(t testing.TB) *Browser {
	t.Helper()
	binary, err := find(os.Getenv("AVOW_CHROMIUM"))
	if err != nil {
		t.Fatal(err)
	}
	axe, err := axeSource()
	if err != nil {
		t.Fatal(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(binary), chromedp.WSURLReadTimeout(patience))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium refuses to be root in its sandbox
	}
	alloc, ended := chromedp.NewExecAllocator(context.Background(), opts...)
	// Chromium is newer than the protocol's description: events that it does not know are no errors.
	ctx, end := chromedp.NewContext(alloc, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(func() { end(); ended() })
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("%s does not start: %v", binary, err)
	}
	return &Browser{ctx: ctx, axe: axe, shapes: &shapes{met: map[string]bool{}}}
}

// find returns the binary that is named, or that this system has.
func find(named string) (string, error) {
	if named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("AVOW_CHROMIUM names %s, which cannot be run: %w", named, err)
		}
		return path, nil
	}
	for _, name := range []string{
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("the tests of the pages need Chromium; install it and run again, or name it in AVOW_CHROMIUM:\n\n" +
		"\tsudo apt-get update && sudo apt-get install -y --no-install-recommends chromium   # Debian\n" +
		"\tbrew install --cask chromium                                                      # macOS")
}

// axeSource reads axe-core from where npm puts it.
func axeSource() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		b, err := os.ReadFile(filepath.Join(dir, "tools", "node_modules", "axe-core", "axe.min.js"))
		if err == nil {
			return string(b), nil
		}
		if filepath.Dir(dir) == dir {
			return "", fmt.Errorf("axe-core is missing: run `make test`, or npm ci --prefix tools")
		}
		dir = filepath.Dir(dir)
	}
}
