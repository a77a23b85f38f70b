// Package browser drives a real Chromium for tests of the pages: a [Tab] is
// opened, reads, types, clicks and presses keys as a person does, with scripts
// allowed or forbidden, at any width, in any language, light or dark.
//
// [Tab.Audit] says what is wrong with the page that is shown: rules of
// accessibility (axe-core, fetched by npm into tools/node_modules), contrast in
// both themes, layout that shifts, a page that scrolls sideways on a phone,
// weight, focus that cannot be seen, errors of the browser's console and of the
// content security policy.
//
// A machine without Chromium or without axe-core fails the tests: a test that is
// skipped proves nothing. AVOW_CHROMIUM names another binary.
//
// The package owns no tables.
package browser
