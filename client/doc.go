// Package client calls the REST interface of an avow server from Go.
//
//	c, err := client.New(client.Config{Server: "https://privacy.example.org", Platform: "goscom-pro", Key: key})
//	answer, err := c.Use(ctx, api.Use{Subject: id, Items: []string{"account.email"}, Purpose: "orders"})
//	if p, denied := client.Denial(err); denied {
//		// p.Reasons says every reason, with clause and place
//	}
//
// It promises that what may be sent again is sent again when no answer came, and
// that nothing is done twice by it: calls that change something carry an
// idempotency key, uses are never repeated. Errors are [api.Problem] where the
// server answered.
package client
