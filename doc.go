// Package avow makes a privacy policy the program: written once as data, it is
// enforced on every byte of personal data, carried out over time, and proved.
//
// [Open] opens the platforms of a configuration: their stores, keys, logs and
// outside systems. A [Platform] has the verbs of the trade: register, collect,
// use, consent, withdraw, correct, erase, and the requests of the people whose
// data it is.
//
//	server, err := avow.Open(ctx, config, avow.Options{})
//	p, err := server.Platform("goscom-pro")
//	answer, err := p.Use(ctx, avow.Use{Subject: id, Items: []string{"account.email"}, Purpose: "orders"})
//
// A denial is an answer with all its reasons, not an error.
package avow
