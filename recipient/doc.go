// Package recipient is the ledger about those outside the controller who receive
// personal data: processors, partners, SDKs.
//
// A recipient that the policy names with `agreement: required` gets nothing
// without an agreement in force (GDPR Art. 28(3), PIPL Art. 21). With `review:
// required` it gets nothing before its ability and its security were assessed and
// passed; with `instructions: required`, before it accepted what it is told to do
// under the version in force. Whoever fails an audit or an assessment, or is found
// in breach, gets nothing until an audit is passed.
//
// Rows are only ever added; the newest row of a recipient and kind counts.
//
// Tables: recipient_agreement, recipient_finding, recipient_acceptance, recipient_key,
// recipient_ledger.
package recipient
