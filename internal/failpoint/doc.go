// Package failpoint ends the process between two durable steps, so that a test
// of the real binary can show that the work goes on where it stood.
//
// [Hit] does nothing unless the program was built with the tag failpoint. Then
// the environment variable AVOW_FAILPOINT=name or AVOW_FAILPOINT=name:n makes
// the process kill itself with SIGKILL, as a power cut would: at the n-th time
// it passes the point of that name (the first when n is left out).
//
// Every name is listed in [Names]; passing a point that is not listed is a
// programmer's error and panics in builds with the tag.
package failpoint
