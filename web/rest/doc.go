// Package rest is the REST interface under /api/v1/platforms/{platform}/, its
// OpenAPI 3.1 document at /api/openapi.json, the page that shows it at /api/, and
// the log's tiles under /log/{platform}/.
//
// It promises that no operation works without a bearer key of that platform that
// is good now and has the operation's scope, which the document names; that a
// caller cannot tell a platform that is not there from one that is not theirs;
// that every denial of the policy comes back with all its reasons; that a problem
// never repeats a value that was sent; and that a list is paged by key.
//
// Operations with an Idempotency-Key do their work once (package idempotency).
// Uses have none: each hands values out and is an entry of its own.
package rest
