//go:build unix

// Command testbed runs a command with the servers that avow's tests need:
//
//	go run ./internal/testbed -- go test ./...
//
// It finds PostgreSQL 15 and MariaDB 10.6, or newer ones. Where one is missing and
// we are root on a Debian-like system it installs Debian's; elsewhere it prints the
// line that does and fails, because a test that is skipped proves nothing.
//
// It starts two throw-away clusters, one for data and one for keys, because
// avow refuses to keep both in one. They listen on free loopback
// ports, under a password of this run, with fsync on as in production.
// The command finds them in AVOW_TEST_POSTGRES and AVOW_TEST_POSTGRES_KEYS.
// A MariaDB stands beside them for databases that belong to others, without
// syncs: AVOW_TEST_MYSQL.
//
// With -memory in front of -- servers and temporary files lie in a file system in
// memory, where the machine has one and can spare the room (4 GiB, and as much again
// beside it): a sync costs nothing there. Tests kill processes and fail files
// themselves, so they prove the same; benchmarks and long runs want the disk.
//
// Promises: the exit code is the command's; signals reach the command and all
// it started; servers and directory are gone when testbed is, also when it or
// its parent is interrupted (after kill -9 the kernel ends the servers on
// Linux, and the directory stays behind). Processes that testbed did not start
// are never touched.
package main
