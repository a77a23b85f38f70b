// Package recipient is the ledger of agreements with those outside the
// controller who receive personal data: processors, partners, SDKs. A
// recipient that the policy names with `agreement: required` gets nothing
// without one in force (GDPR Art. 28(3), PIPL Art. 21).
//
// Rows are only ever added; the newest row of a recipient is in force.
//
// Tables: recipient_agreement.
package recipient
