// Package archtest holds the law of the house as tests: who may import whom,
// who owns which table, which statements there are, and the habits that every
// package keeps. "go test ./internal/archtest" fails with a sentence that says
// what to do.
//
// The law itself is in rows_test.go (the rows and the kits for tests) and in
// allowed_test.go (the exceptions, each with its reason). Everything is read
// from the source with go/parser: no package needs to compile for it.
//
// Tests of packages are free: rules are for what ships.
package archtest
