// Package report makes one table of everything that was measured: each figure
// beside its target, and whether it is met. It reads what go test prints for
// benchmarks and what avowbench prints for REST, and writes Markdown.
//
// The package is pure. cmd/avowbench runs the benchmarks.
package report
