// Package succession is the ledger of the business changing hands: a merger, a
// takeover, a sale, a reorganisation, a bankruptcy. Each case names who takes over,
// which items go along for which purposes, and how many people they are of.
//
// Nothing moves before the case is ready: each duty of the policy in force was
// accepted by who takes over, and everybody concerned was told, as long before as
// the policy says. A person may say that they do not want it; then theirs stays.
// Package gate asks this ledger for each use, so that no door leads around it.
//
// Tables: succession, succession_notice, succession_duty, succession_word.
package succession
