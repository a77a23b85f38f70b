//go:build unix

package db

import (
	"context"
	"fmt"
	"os"
	"syscall"
)

func (e *lite) identity(context.Context) (string, error) {
	info, err := os.Stat(e.file)
	if err != nil {
		return "", fmt.Errorf("db identity: %w", err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return e.file, nil
	}
	return fmt.Sprintf("%d:%d", uint64(st.Dev), st.Ino), nil
}
