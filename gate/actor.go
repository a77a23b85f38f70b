package gate

import (
	"strings"

	"github.com/avow-dev/avow/policy"
)

// An Actor is who acts, for the log. ID is a staff id or an API key's id, and
// empty for the person and for the controller's own software.
type Actor struct {
	Role policy.RoleNo
	ID   string
}

// keyPrefix begins the id of an API key (package staff).
const keyPrefix = "key_"

// Kind says who acted, without saying which of them: person, staff or machine. A
// program that acts by an API key is a machine, and never one of the staff.
func (a Actor) Kind() string {
	switch {
	case a.Role == policy.Self:
		return "person"
	case a.Role == policy.Service && (a.ID == "" || strings.HasPrefix(a.ID, keyPrefix)):
		return "machine"
	}
	return "staff"
}
