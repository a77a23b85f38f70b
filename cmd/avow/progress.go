package main

import (
	"github.com/schollz/progressbar/v3"
)

// progress returns a function that shows how far long work has come: a bar on
// a terminal, nothing elsewhere.
func (a *app) progress(what string) func(done, total int) {
	if !a.terminal {
		return func(int, int) {}
	}
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if bar == nil {
			bar = progressbar.NewOptions(total,
				progressbar.OptionSetWriter(a.stderr), progressbar.OptionSetDescription(what),
				progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100_000_000))
		}
		bar.ChangeMax(total)
		bar.Set(done)
	}
}
