package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// tallest is where a picture of a long page is cut, in CSS pixels: a screen and a half of
// a desk, two of a phone.
const tallest = 1300

// Picture returns the whole page as WebP.
func (t *Tab) Picture(quality int64) []byte {
	t.Helper()
	var b []byte
	t.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, _, _, _, _, size, err := page.GetLayoutMetrics().Do(ctx)
		if err != nil {
			return err
		}
		b, err = page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(quality).WithCaptureBeyondViewport(true).
			WithClip(&page.Viewport{Width: float64(t.View.Width), Height: min(size.Height, tallest), Scale: 1}).Do(ctx)
		return err
	}))
	return b
}

// Pictures writes the page into a directory as NAME-1280-light.webp and so on: wide
// and narrow, light and dark. With no directory it does nothing.
func (t *Tab) Pictures(dir, name string, quality int64) {
	t.Helper()
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, width := range []int64{1280, 360} {
		for _, dark := range []bool{false, true} {
			t.Show(width, dark)
			file := fmt.Sprintf("%s-%d-%s.webp", name, width, map[bool]string{false: "light", true: "dark"}[dark])
			if err := os.WriteFile(filepath.Join(dir, file), t.Picture(quality), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Show(1280, false)
}
