package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const (
	syncPage = 12 << 10 // what one act writes into a log
	syncFile = 4 << 20
)

// syncs returns how often in a second one caller can write what an act writes, in place,
// and have it durable, with nothing else to do. Nothing that answers after a sync is
// faster at one connection, and what waits for two after each other has half of it.
func syncs(dir string, d time.Duration) (perSecond float64, err error) {
	f, err := os.Create(filepath.Join(dir, "sync"))
	if err != nil {
		return 0, err
	}
	defer func() {
		f.Close()
		os.Remove(f.Name())
	}()
	if _, err := f.Write(make([]byte, syncFile)); err != nil {
		return 0, err
	}
	if err := f.Sync(); err != nil {
		return 0, err
	}
	page, begin, n := make([]byte, syncPage), time.Now(), 0
	for ; time.Since(begin) < d; n++ {
		page[0]++
		if _, err := f.WriteAt(page, int64(n*syncPage%(syncFile-syncPage))); err != nil {
			return 0, err
		}
		if err := syncData(f); err != nil {
			return 0, fmt.Errorf("sync: %w", err)
		}
	}
	return float64(n) / time.Since(begin).Seconds(), nil
}
