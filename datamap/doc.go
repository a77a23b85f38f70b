// Package datamap reads the map of one outside system: in which collections and
// columns a person's data lives, how the person is found there, how rows hang
// together, and what an erasure does to each collection.
//
// The package is pure: it turns the text of a YAML file into a [Map] and keeps
// where everything stood, so that whoever compares the map with a policy or a
// real schema can point at the line. It owns no table.
//
// A map is strict. An unknown key, a value of the wrong form, a link to a
// collection that the map does not describe: each is an error with file, line,
// column, what is wrong and what to write instead, and all of them are reported
// at once. What the map leaves out is never taken to be harmless: a connector
// that reaches a collection or column the map does not mention stops and says so.
//
// # The file
//
//	avow: 1                        # version of the format
//	system: shop                   # name of the system; warrants and receipts use it
//	kind: sqlite                   # which connector speaks to it: sqlite, postgres, mysql
//	title: {en: Web shop}          # optional, for people
//	schema: public                 # PostgreSQL: whose tables need no prefix; others are written schema.table
//	region: CN                     # optional: phone numbers stored without a country code are of this country
//	vacuum: true                   # vacuum after an erasure (tables on PostgreSQL and MySQL, the file on SQLite)
//
//	subjects:                      # the kinds of people the system knows
//	  customer:
//	    collection: customers      # one row is one person
//	    identifiers:               # identifier kind of the policy → columns that hold it
//	      email: [customers.email, newsletter.email]
//	      phone: customers.phone
//
//	collections:
//	  customers:
//	    columns:                   # personal columns → item of the policy, or a category (user.…)
//	      email: account.email
//	      name: {item: account.name, clear: "removed"}       # what a cleared value becomes
//	      phone: {item: account.phone, erase: mask, reason: {en: …}}   # null | fixed | mask | hash: what stays in a row that stays
//	      password: {item: account.password, secret: true}   # exported as present, never shown
//	    plain: [created_at]        # columns that hold nothing personal
//	    erase: clear               # delete | clear (all personal columns) | keep | none
//	    restrict: {column: blocked, on: 1, off: 0}   # optional: how a row is marked as not to be used
//	  orders:
//	    columns: {total: order.history, note: order.history}
//	    erase: keep
//	    clear: [note]              # may be cleared although the row is kept
//	    keep: {ground: legal-obligation, reason: {en: Tax records}, cite: "…", for: P10Y, after: order}
//	  products: none               # nobody's data: rows are not followed, shown or touched
//
//	links:                         # foreign keys are found in the schema; write a link to say more
//	  - {from: customers.agent_id, to: staff.id, role: actor, detach: true}
//	  - {from: newsletter.email, to: customers.email, role: owns, match: email}
//	  - {from: [lines.shop, lines.number], to: [orders.shop, orders.number], role: owns}
//	  - {from: comments.about_id, to: orders.id, role: owns, when: {about_kind: order}}
//
// [Collection], [Column], [Keep] and [Link] say what each field means.
package datamap
