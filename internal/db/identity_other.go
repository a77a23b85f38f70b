//go:build !unix

package db

import "context"

// identity is the absolute path where files have no inode.
func (e *lite) identity(context.Context) (string, error) { return e.file, nil }
