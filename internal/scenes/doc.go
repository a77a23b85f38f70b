// Package scenes is avow as people see it: tests that drive a real Chromium (see
// package browser) against a whole server with a web shop's database beside it,
// on both engines, with scripts allowed and forbidden.
//
// One scene is the main job from beginning to end: a person reads the policy,
// signs in, sees, corrects, decides and has everything erased; two members of
// staff carry it out; a receipt proves it. The other walks through every page in
// every state, in both languages, and looks for what would keep somebody from
// using it. The same walk takes the pictures of docs/screens:
//
//	make screens
//
// The package owns no tables.
package scenes
