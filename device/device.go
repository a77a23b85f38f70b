package device

import (
	"slices"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/policy"
)

// Longest is how long a session of use lasts at most, and Remembered how long it
// is known afterwards that it is over.
const (
	Longest    = 24 * time.Hour
	Remembered = 30 * 24 * time.Hour
)

// maxName is how long the name of a device or a session may be.
const maxName = 64

// A Said is what became of a permission.
type Said string

// What people say.
const (
	Granted Said = "granted"
	Refused Said = "refused"
	Off     Said = "off" // they turned it off
)

// A Record is one thing that became of a permission of a device.
type Record struct {
	ID         int64 // from db.Number("device"), oldest first
	Device     string
	Permission string // name of it in the policy
	Said       Said
	Function   string // in which it was asked for; "" for off
	At         time.Time
}

// A Reading is something that is open through a permission.
type Reading struct {
	Device     string
	Permission string
	Function   string
	Since      time.Time
}

// CheckName says what is wrong with the name of a device or a session; nil where
// nothing is. what is the word for it in the message.
func CheckName(what, name string) error {
	letter := false
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			letter = true
		case r >= '0' && r <= '9', r == '-', r == '_':
		default:
			return badName(what)
		}
	}
	if !letter || len(name) > maxName {
		return badName(what)
	}
	return nil
}

func badName(what string) error {
	return fault.New(fault.Invalid, "a %s has a name that the app makes up: 1 to %d letters, digits, - and _, with a letter among them; no number of the device itself", what, maxName)
}

// CheckSeen is [CheckName] for what is said about values: a device and a session
// need not be named, but have a name where they are.
func CheckSeen(given []policy.Given) error {
	for _, v := range given {
		if v.Seen.Device != "" {
			if err := CheckName("device", v.Seen.Device); err != nil {
				return err
			}
		}
		if v.Seen.Session != "" {
			if err := CheckName("session", v.Seen.Session); err != nil {
				return err
			}
		}
	}
	return nil
}

// Permits says how the permissions of all devices stand, from records, oldest
// first.
func Permits(records []Record) (out []policy.Permit) {
	for _, r := range records {
		at := slices.IndexFunc(out, func(x policy.Permit) bool { return x.Device == r.Device && x.Permission == r.Permission })
		if at < 0 {
			out, at = append(out, policy.Permit{Permission: r.Permission, Device: r.Device}), len(out)
		}
		out[at].State = map[Said]policy.PermitState{Granted: policy.Granted, Refused: policy.Refused, Off: policy.TurnedOff}[r.Said]
	}
	return out
}
