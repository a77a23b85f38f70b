// Package webtest is a browser without a screen, for tests of the doors: it sends
// forms, follows redirects, keeps cookies, and reads the pages that come. What takes
// a real browser is in package internal/browser.
//
// The package owns no tables.
package webtest
