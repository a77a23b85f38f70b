package avow

import (
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/platform"
)

// The words of the trade, so that a program which embeds avow needs one import.
type (
	// A Platform is one controller's product with one policy in force.
	Platform = platform.Platform
	// An Actor is who acts.
	Actor = platform.Actor
	// A Registration is somebody who enters.
	Registration = platform.Registration
	// A Profile is everything on record about a subject but the values.
	Profile = platform.Profile
	// A Use asks to use items of a subject for a purpose.
	Use = platform.Use
	// A Choice is what a person says about a purpose or a recipient.
	Choice = platform.Choice
	// An Erasure says what to erase of a subject in the vault.
	Erasure = platform.Erasure
	// A Verification is what verifying the log found.
	Verification = platform.Verification
	// Archives names the files of a backup.
	Archives = platform.Archives
	// Personal is a personal value in clear that prints as [personal].
	Personal = seal.Personal
)

// NewPersonal wraps a value in clear.
func NewPersonal(value string) Personal { return seal.NewPersonal(value) }
