package browser

import (
	"context"

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
