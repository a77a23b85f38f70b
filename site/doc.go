// Package site holds a website against the register of cookies and beacons that a
// policy declares.
//
// # Promises
//
// Every page is asked for four times: twice as a browser that keeps no cookie, once
// as one that said no, once as one that said yes to everything. What the pages set
// (Set-Cookie), load (single pixels, scripts and frames of others, beacons that
// scripts send) and keep (local and session storage) is compared with the policy.
// What is unknown, lives longer, holds or reaches more, or comes before a yes, is a
// finding. So is a page that a browser without cookies does not get, and what would
// recognise such a browser all the same: an id in addresses, or an ETag of its own.
//
// Scripts are read and not run: a name that a script makes up is not seen. No finding
// repeats the value of a cookie.
//
// Only public addresses are connected to, whatever a name resolves to or a page leads
// to, unless the caller says that the site is a local one. No page of another host is
// fetched. Sizes, pages and times are bounded.
//
// The package owns no table.
package site
