//go:build unix && !linux

package main

import "syscall"

// dieWithParent does nothing where the kernel has no such service: after
// kill -9 of testbed its servers must be stopped by hand.
func dieWithParent(*syscall.SysProcAttr) {}
