// Package parcel makes the package a person gets when they ask what is held
// about them: a zip file with a page to read (index.html), the same data for
// machines (data.json, data.csv) and a note that says what is what (README.txt).
//
// # Promises
//
// Every value it is given appears in data.json exactly, in data.csv (with an
// apostrophe before what a spreadsheet would take for a formula) and on the page
// as text; a secret appears as "set" and never as its value. The page needs
// nothing from anywhere: no script, no font, no image, no address that a browser
// would call; it prints well and follows the reader's light or dark setting.
//
// Memory does not grow with the person: rows, cases and log entries are streamed, once
// for each file, from functions the caller gives. Equal input gives equal bytes.
//
// [WritePortable] makes another package for another right: what a person may take
// to another controller, in JSON and CSV with a description of both, for
// machines.
//
// Rendering is pure: no store, no clock, no network. The package owns no tables.
//
// # data.json, version 1
//
//	{
//	  "avow_package": 1,
//	  "head":        who answers for the data, which request, which policy, when
//	  "items":       for each item of the policy: title, category, purposes, source,
//	                 how long it is kept, and who received it
//	  "values":      [ one object for each value: system, collection, record, column,
//	                   item, type, value | null, and "set": true for a secret,
//	                   "bytes": n for binary content that is not shown ]
//	  "disclosures": what was given to whom, when, why
//	  "consents":    what the person agreed to, refused or objected to
//	  "cases":       what the person asked, suggested or complained about, and what
//	                 they were answered
//	  "log":         every entry of the log about the person
//	}
//
// All times are UTC in the form of RFC 3339.
package parcel
