// Package cookie keeps what browsers said about cookies and beacons, and how many
// visits beacons counted.
//
// # Promises
//
// A browser is a random number that its own cookie holds, and nothing says whose it
// is. It gets one when it lets something in; a browser that says no to everything
// gets none, and its no is kept in the browser alone. Here stands the number's hash,
// so that who reads the table cannot pass for a browser.
//
// An answer is about one cookie or beacon as it was declared then: where the
// declaration became another, it is no answer, and the browser is asked again. An
// answer ends when the policy says so. After a signal of the browser (Global Privacy
// Control) an earlier yes to marketing, or to what tells somebody else, does not
// stand; one given while the signal was there does.
//
// Forgetting a browser deletes its row. No log entry names a browser, so nothing
// leads from one to what was kept before.
//
// A count is a number for a beacon, a page and a day.
//
// Tables: cookie_browser, cookie_visit.
package cookie
