// Package bench measures whole platforms: GDPRbench's roles against bare tables on
// the same engine, and what an erasure, a sweep, a consent and a person cost as a
// store grows. It holds benchmarks alone; what a single package does by itself is
// measured there.
//
//	go run ./internal/testbed -- go test -run '^$' -bench . -benchtime 1x ./internal/bench
//
// They take the sizes of a quick look, and with AVOW_BENCH=full those of
// docs/benchmarks.md. What they print is read by internal/bench/report.
//
// Tables: none.
package bench
