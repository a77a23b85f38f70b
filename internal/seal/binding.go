package seal

import (
	"context"

	"github.com/avow-dev/avow/internal/db"
)

// A KeyID names a data key. It means nothing outside its platform.
type KeyID int64

// A Class is a retention class by its number in the policy (1 and above), or
// one of the classes below.
type Class int32

// The classes that are not the policy's.
const (
	LogClass     Class = 0  // sealed parts of log entries
	RequestClass Class = -1 // identity and contact of a request; bucket is its number

	fenceClass Class = -2 // a swept key that must not be bound any more; bucket is the time
)

// A Binding says that values of a subject in a class and bucket are sealed
// under a key. There may be several for a while (two first collects at once);
// they end together.
type Binding struct {
	Class  Class
	Bucket int64
	Key    KeyID
}

// Bind writes that key k seals values of a subject's class and bucket. It
// belongs into the act that writes the first of these values. When the key was
// swept in the meantime (an hour after it was made) or is bound already, the act
// fails with a constraint violation: take another key and seal again. Subjects
// are numbered from 1; keys of nobody go under 0.
func (k *Keyring) Bind(w db.Writer, subject int64, c Class, bucket int64, key KeyID) {
	w.Do(bindKey, subject, int64(c), bucket, int64(key))
}

// Unbind takes a binding back, after [Keyring.Destroy].
func (k *Keyring) Unbind(w db.Writer, subject int64, key KeyID) {
	w.Do(unbindKey, subject, int64(key))
}

// Bound returns the bindings of a subject, by class, bucket and key.
func (k *Keyring) Bound(ctx context.Context, r db.Reader, subject int64) ([]Binding, error) {
	return db.List(ctx, r, "seal bound", scanBinding, selectBound, subject, int64(fenceClass))
}

func scanBinding(row db.Scanner) (b Binding, err error) {
	err = row.Scan(&b.Class, &b.Bucket, &b.Key)
	return b, err
}
