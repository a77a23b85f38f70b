// Package banner is the door of browsers: what a platform keeps in them and counts of
// them, and what they say to that, at /{platform}/cookies.
//
//	GET  cookies              every cookie, store and beacon, with the choice about each
//	POST cookies/choose       all, none, some, one class, or one no longer
//	POST cookies/clear        what stops working; then, with leave, cookies/cleared
//	GET  cookies.json         what this browser may be given
//	POST cookies.json         the same for a browser of another site, which says in the body who it is
//	GET  cookies/avow-cookies.js, cookies/banner.css   for a company's own pages
//	GET  cookies/beacons/{beacon}/{point}.gif          counts a visit
//
// # Promises
//
// Nothing waits for a script: page, choice and clearing are plain forms. A browser
// that never chose gets no cookie from here, and one that says no to everything gets
// no number. What is not essential is kept out until there is a yes, and a browser's
// signal (Sec-GPC) is a no to marketing and to what tells others; the page says that
// it is honoured.
//
// Before cookies are cleared, the page names what stops working, and the log has that
// it did. Where a browser takes no cookie, the page says so and names it too.
//
// cookies.json looks at a browser's cookie only when it is read on this host. What
// comes from other sites carries its own choice; no sign-in is looked at there.
//
// The package owns no table.
package banner
