package main

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"syscall"
)

const (
	shm   = "/dev/shm"
	tmpfs = 0x01021994 // statfs(2)

	// room is what servers and files of a whole run take in memory at most, in bytes
	// (measured: 0.8 GB). As much again stays to everything else.
	room = 4 << 30
)

// memory returns a file system in memory with room for servers and temporary files, or
// "" where the machine has none to spare.
func memory() string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(shm, &fs); err != nil || fs.Type != tmpfs || fs.Bavail*uint64(fs.Bsize) < room {
		return ""
	}
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil || available(info) < 2*room || limit("/sys/fs/cgroup/memory.max") < 2*room {
		return ""
	}
	return shm
}

// available reads the bytes that /proc/meminfo calls available.
func available(info []byte) int64 {
	for s := bufio.NewScanner(bytes.NewReader(info)); s.Scan(); {
		if rest, ok := bytes.CutPrefix(s.Bytes(), []byte("MemAvailable:")); ok {
			kb, _ := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(rest, []byte("kB")))), 10, 64)
			return kb << 10
		}
	}
	return 0
}

// limit reads how much memory a container may take; without a limit it is endless.
func limit(file string) int64 {
	text, err := os.ReadFile(file)
	if err != nil {
		return 1 << 62
	}
	n, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64)
	if err != nil {
		return 1 << 62 // "max"
	}
	return n
}
