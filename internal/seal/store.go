package seal

import (
	"context"

	"github.com/avow-dev/avow/internal/db"
)

// Data store.
const (
	selectPair    = `SELECT pair FROM seal_pair WHERE one = 1`
	insertPair    = `INSERT INTO seal_pair (one, pair) VALUES (1, $1) ON CONFLICT (one) DO NOTHING`
	selectHighest = `SELECT key FROM subject_key ORDER BY key DESC LIMIT 1`
	selectBound   = `SELECT class, bucket, key FROM subject_key WHERE subject = $1 AND class <> $2 ORDER BY class, bucket, key`
	selectRange   = `SELECT key, class FROM subject_key WHERE key >= $1 AND key <= $2`
	deleteFences  = `DELETE FROM subject_key WHERE subject = 0 AND class = $1 AND bucket < $2`
)

var (
	bindKey   = db.Declare(`INSERT INTO subject_key (subject, class, bucket, key) VALUES ($1, $2, $3, $4)`, "int int int int")
	unbindKey = db.Declare(`DELETE FROM subject_key WHERE subject = $1 AND key = $2`, "int int")
	fenceKey  = db.Declare(`INSERT INTO subject_key (subject, class, bucket, key) VALUES (0, $1, $2, $3) ON CONFLICT (key) DO NOTHING`, "int int int")
)

// Keys store.
const (
	selectState  = `SELECT platform, pair, epoch, high FROM seal_state WHERE one = 1`
	insertState  = `INSERT INTO seal_state (one, platform, pair, epoch, high) VALUES (1, $1, $2, 1, 0) ON CONFLICT (one) DO NOTHING`
	reserveIDs   = `UPDATE seal_state SET high = high + $1 WHERE one = 1 AND epoch = $2`
	raiseHigh    = `UPDATE seal_state SET high = $1 WHERE one = 1 AND high < $1`
	moveState    = `UPDATE seal_state SET epoch = $1 WHERE one = 1 AND epoch = $2`
	insertEpoch  = `INSERT INTO seal_epoch (epoch, started, finished) VALUES ($1, $2, $3) ON CONFLICT (epoch) DO NOTHING`
	selectEpoch  = `SELECT started, finished FROM seal_epoch WHERE epoch = $1`
	finishEpoch  = `UPDATE seal_epoch SET finished = $1 WHERE epoch = $2 AND finished IS NULL`
	selectAfter  = `SELECT finished FROM seal_epoch WHERE epoch > 1 AND started > $1 ORDER BY epoch LIMIT 1`
	selectKey    = `SELECT epoch, wrapped FROM data_key WHERE id = $1`
	selectOld    = `SELECT id, epoch, wrapped FROM data_key WHERE epoch < $1 AND id > $2 ORDER BY id LIMIT 500`
	countOld     = `SELECT (SELECT COUNT(1) FROM data_key WHERE epoch < $1) + (SELECT COUNT(1) FROM seal_secret WHERE epoch < $1)`
	countKeys    = `SELECT COUNT(1), COUNT(CASE WHEN bound = 0 THEN 1 END) FROM data_key`
	selectAnyKey = `SELECT id FROM data_key LIMIT 1`
	selectLoose  = `SELECT id FROM data_key WHERE bound = 0 AND made < $1 ORDER BY made LIMIT 500`
	selectKeys   = `SELECT id FROM data_key WHERE id > $1 ORDER BY id LIMIT 500`
	selectSecret = `SELECT epoch, wrapped FROM seal_secret WHERE name = $1`
	insertSecret = `INSERT INTO seal_secret (name, epoch, made, wrapped) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING`
	deleteSecret = `DELETE FROM seal_secret WHERE name = $1`
	oldSecrets   = `SELECT name, epoch, wrapped FROM seal_secret WHERE epoch < $1`
)

var (
	insertKey    = db.Declare(`INSERT INTO data_key (id, epoch, made, bound, wrapped) VALUES ($1, $2, $3, 0, $4)`, "int int int bytes")
	deleteKey    = db.Declare(`DELETE FROM data_key WHERE id = $1`, "int")
	rewrapKey    = db.Declare(`UPDATE data_key SET epoch = $1, wrapped = $2 WHERE id = $3 AND epoch = $4`, "int bytes int int")
	rewrapSecret = db.Declare(`UPDATE seal_secret SET epoch = $1, wrapped = $2 WHERE name = $3 AND epoch = $4`, "int bytes text int")
	markBound    = db.Declare(`UPDATE data_key SET bound = 1 WHERE id = $1 AND bound = 0`, "int")
)

// state is the row of seal_state.
type state struct {
	platform string
	pair     []byte
	epoch    int64
	high     int64
}

func readState(ctx context.Context, r db.Reader) (s state, err error) {
	err = r.Row(ctx, selectState).Scan(&s.platform, &s.pair, &s.epoch, &s.high)
	return s, err
}

// A wrapped is a key or secret as it is stored.
type wrapped struct {
	id    KeyID
	name  string
	epoch int64
	bytes []byte
}

// read runs fn on a snapshot of one store and returns what it found.
func read[T any](ctx context.Context, d *db.DB, fn func(*db.Snapshot) (T, error)) (T, error) {
	var out T
	err := d.Read(ctx, func(s *db.Snapshot) (err error) {
		out, err = fn(s)
		return err
	})
	return out, err
}
