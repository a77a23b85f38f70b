// Package vault makes the vault a system like any other: surveyed, exported,
// erased and searched through the same interface as the company's own
// databases.
//
// A collection is a retention class; its rows are the vault's rows and its
// columns are items. One more collection, "_subject", holds identifiers,
// consents and disclosures. It goes only when everything goes.
//
// The package owns no table.
package vault
