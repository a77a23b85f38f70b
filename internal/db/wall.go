package db

import "time"

// Wall returns the machine's clock, in UTC, for what is no business: deadlines of
// connections, lines of the server's log, and who moves business time and has to end
// in the present (the demo). Everything else takes the time of its act.
func Wall() time.Time { return time.Now().UTC() }
