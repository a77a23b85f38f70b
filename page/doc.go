// Package page turns a compiled policy into a page that people read: as HTML
// for the privacy centre, as Markdown, and as JSON.
//
// # Promises
//
// Every fact comes from the compiled policy and from nowhere else: the page
// says what the program enforces. A kind of data, a purpose, a recipient or a
// right that the policy declares is on the page.
//
// What the owner's text left open and the policy had to assume is marked where
// it stands, and listed with the reason.
//
// The package is pure: no clock, no I/O, no state. The HTML holds no script, no
// style and no address but those the policy names; its classes are those of
// package web.
//
// The package owns no table.
package page
