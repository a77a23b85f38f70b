// Package message knows which messages went out to people, and what became of each
// copy: of what class it is, why it was sent, by which channel, and whether it was
// sent, withheld, shown or acknowledged.
//
// A message of a company's own names a purpose of the policy, and whether somebody
// gets it is decided for that person by the gate; a copy that is withheld stands here
// with its reason, so that it can be counted. The notice of a change of the policy is a
// message too, of the class [Policy].
//
// The rows hold nothing personal. What is written in a message is sealed under a key of
// its own, and that key is destroyed when the last copy is out. Package platform makes
// the acts and the log entries.
//
// Tables: message, message_copy.
package message
