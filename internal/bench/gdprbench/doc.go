// Package gdprbench has the role workloads of GDPRbench (Shastri, Banakar, Wasserman,
// Kumar, Chidambaram: "Understanding and benchmarking the impact of GDPR on database
// systems", PVLDB 13(7), 2020), drawn from a seed, and an oracle that knows the right
// answer to every question.
//
// # What is taken over
//
// A record is a key, nine fields of metadata and 100 bytes of data, all functions
// of its number. Four roles ask: controller, customer, processor, regulator, with
// the mixes of the paper's table 2. Keys are drawn uniformly or by YCSB's scrambled
// zipfian distribution. Every answer is checked.
//
// # What is different, and why
//
//   - Deletes of the controller name a key: by purpose, 25 deletes empty the store.
//   - Users are a tenth of the records, so that everybody has ten at every size.
//   - TTL, DEC, ACL, SHR, SRC and CAT of a record follow from its purpose, OBJ from its
//     user: in avow they are the policy's, or the person's, and never one record's.
//     So a bulk update writes one of DEC, ACL, SHR, SRC and CAT, and what is updated by
//     key or user is OBJ: it never moves a record to another person.
//   - READ-DATA-BY-DEC, half of all records in one answer, is left out: what the
//     processor asks in bulk is by purpose (4 % of all records) or by objection (1 %).
//   - Nothing expires while it runs: retention has a figure of its own.
//
// The package is pure: it draws and it checks, and stores nothing.
package gdprbench
