// Package staff knows the people of the controller who use the console and the
// command line, and the API keys of its programs.
//
// It promises that nobody signs in without password and second factor; that an
// answer does not tell an unknown login from a wrong password, in words or (as
// far as hashing hides it) in time; that guessing is slowed down by a lock that
// grows, counted before the guess is looked at, so that many at once do not get
// more; that a code signs in once; that a lost authenticator can be replaced by
// recovery codes or by an administrator, and a stolen database gives neither
// passwords nor codes nor keys.
//
// # What is stored
//
// Login and display name are personal data of staff. The controller keeps them
// about its own people in the server store, apart from every platform's stores
// (I-8), in clear: the console must show who did what. [Directory.Remove] deletes
// them; what remains of a person in the logs of the platforms is an id.
// Passwords are stored as argon2id (RFC 9106), TOTP secrets (RFC 6238) sealed
// under a secret file that is no part of any archive, recovery codes and API
// keys as SHA-256 of what is random enough not to be guessed.
//
// # Roles
//
// A role is a role of a platform's policy, or [Admin]. The admin of [Everywhere]
// looks after the server: platforms, staff, keys. The last one that is not
// disabled can be neither disabled nor demoted nor removed.
//
// # Sign-in
//
//	attempt ─▶ counted ─▶ password ─▶ code ─▶ in: the count begins anew
//	            └ locked from the fifth on: 30 s, 1 min, 2 min … 1 h
//
// Denials are values ([Answer]): Why is for the log, never for the caller.
//
// Server tables: staff, staff_role, staff_recovery, staff_state, api_key.
package staff
