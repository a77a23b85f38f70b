// Package world gives a test a whole platform to live in: GOSCOM Pro's policy,
// the vault, a web shop beside it, made-up people, and a clock that the test
// moves, on either engine, through the root package.
//
// Every value of every person bears a marker that stands nowhere else. [World.Check]
// searches for them wherever the platform leaves bytes, and verifies that the log
// says what was answered, no more and no less. Call it after every scenario.
//
// The package owns no tables.
package world
