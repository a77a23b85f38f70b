// Package centre is the door of the people whose data it is: the privacy centre
// of one platform at /{platform}/.
//
// Signed out it shows the policy: as a page, sentence by sentence, as Markdown
// and JSON, with the versions that were in force. Signed in, by a code mailed to
// their address, people see what is held about them and who looked at it,
// correct it, take it along, say yes and no, ask for their package, for erasure
// or for the end of their account, follow their requests and keep the receipts.
//
// # Promises
//
// Whether an address is known cannot be told: every address that can be written
// to gets a code, and the same answer in the same steps. Who signs in with an
// address that nobody has, or whose owner was erased, sees that nothing is held.
//
// A sign-in of one platform is nothing on another.
//
// Values are read by [platform.Platform.Use] as the person, for the purpose that
// serves their rights: each look stands in the log, where the person sees it.
//
// Every page works without JavaScript and holds none, nor any inline style.
// Nothing personal stands in an address, a log or an error.
//
// Handlers are thin: they read a form, call one verb of the platform and show a
// page, or lead on (303) after a change.
//
// The package owns no table.
package centre
