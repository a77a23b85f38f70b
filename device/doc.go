// Package device is the ledger of what the devices of people may read, and of when
// they are observed.
//
// # Permissions
//
// Whenever an app has asked for a permission of the policy, one record says on which
// device, in which function, and what the person answered; another says when they
// turned it off. Records are only added; the last one of a device and a permission
// is how it stands. What is opened through a permission, such as a microphone, is on
// record while it is open: turning the permission off closes it in the same act.
//
// # Sessions
//
// A session of use begins with the first value that is observed in it, is over when
// somebody says that the person has left, and in any case after [Longest]. What is
// over takes nothing more in. A session that has been over for [Remembered] is
// forgotten.
//
// Names of devices and sessions are made up by the app. They hold no personal data:
// a name that could be a number of something, or an address, is refused.
//
// Rules and rows are here; acts and entries of the log are made by package platform,
// and by the gate where values come in.
//
// Tables: device_permission, device_open, device_session.
package device
