//go:build unix && !linux

package main

// memory is known of Linux alone.
func memory() string { return "" }
