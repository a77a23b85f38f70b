// Package web is the frame of the HTTP server: what every page and every route
// has, so that the doors (rest, centre, console) only say what is theirs.
//
// # Dispatch
//
// [Frame.Handler] serves the whole server. A [Door] owns a path prefix that ends
// in a slash, such as /goscom-pro/ or /console/goscom-pro/; the longest prefix
// wins, and the door gets the path whole. The frame itself serves / (the front
// page), /assets/, /healthz, /readyz and /metrics. Platforms may not be called by
// a [Reserved] word.
//
//	frame := web.New(web.Config{…})
//	frame.Add(web.Door{Prefix: "/goscom-pro/", Handler: centre.New(frame, p)})
//	http.Server{Handler: frame.Handler()}
//
// Around every door stand, in this order: request id, access log and metrics
// (route, status, time; no path, no query, no address), panic to problem, body
// limit of 1 MB, security headers, [http.CrossOriginProtection], hostnames. A
// door names its route for log and metrics by using http.ServeMux patterns.
//
// # Pages
//
// A page is a struct that embeds [Page], and a template that defines "main",
// parsed with [Frame.Template] into the layout. [Frame.Render] writes it. There
// is no inline style or script anywhere: the policy of every page forbids it.
// Pages that belong to somebody who is signed in are never cached.
//
// Functions in templates: asset "avow.css" (the hashed address), icon "shield"
// (an <svg>; the names are in assets/icons.svg), date T, datetime T (a <time>
// element), join LIST SEP, add A B, dict K V …
//
// # The classes of assets/avow.css
//
// Layout: .page (the <body>; accent-0 … accent-7 give the hue, to any element), .bar (top line),
// .brand .nav (links, and details whose links are a .card: a menu of several) .langs, main.narrow (reading width) and main (wide), .foot,
// .stack (column with gaps; .tight .loose), .row (line with gaps that wraps;
// .between .end .start), .grid (cards side by side, as many as fit), .two (text
// beside an aside), .crumbs.
//
// Things: .card (.lead for a large one), .badge (.badge-ok .badge-warn .badge-bad .badge-info), .tag, .stat
// (strong + span), .kv (a <dl>), .table (a <table>; data-label on each <td>
// makes it cards under 600 px; td.num), .timeline > .timeline-item (.done .now
// .bad; time first), .empty (icon, sentence, button), .notice (.notice-ok
// .notice-warn .notice-bad), .bars > .bar-item with <meter> or <progress>,
// .steps > li (.done .now), .disclosure (a <details>), .code (a <pre>), .tabs,
// .stats (of .stat), .where with .dot (.may), .clock and .chart (<svg>), .clauses,
// .contents, .eyebrow, .value, .fill (a .grid of cards of one width), .two-even.
//
// Forms: form.stack, .field (label, .hint, control, .error), .choice (checkbox or
// radio with its label), .btn (.btn-primary .btn-danger .btn-quiet .btn-small),
// .actions. A control names its hint and error in aria-describedby and has
// aria-invalid="true" where it is wrong; .code-input for one-time codes.
//
// Words: .muted .mono .small .big .strong .num .hidden (for screen readers only)
// .nowrap .icon.
//
// # Sign-in
//
// [Frame.SignIn] sets a cookie that is sealed, bound to one kind ("person",
// "staff") and one platform, and good until its end or until it is ended
// ([Frame.SignOut], [Frame.EndSessions]). A cookie of one platform is nothing on
// another (I-8).
//
// # Faults
//
// [Frame.Problem] is the edge: one table from fault kind to status. Machines get
// an RFC 9457 document, browsers a calm page; both show the request id, and
// neither the operator's error.
package web
