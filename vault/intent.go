package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/failpoint"
	"github.com/avow-dev/avow/internal/journal"
	"github.com/avow-dev/avow/internal/seal"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

var (
	insertErasure = db.Declare(`INSERT INTO vault_erasure (subject, key, class, scope, item, request, marks, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, "int int int text int text bytes int")

	// The same, for a key that is left behind by the act: it loses where a row is
	// still under the key, because that row came after the act had read its rows.
	leaveKey = db.Declare(`INSERT INTO vault_erasure (subject, key, class, scope, item, request, marks, at)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8
		WHERE NOT EXISTS (SELECT 1 FROM vault_row r WHERE r.subject = $1 AND r.key = $2)`, "int int int text int text bytes int").Must()
)

var (
	askErasing = db.DeclareQuery(`SELECT subject, key, class, scope, item, request, marks, at FROM vault_erasure
		WHERE subject = $1 ORDER BY key`, "int")
	askDoomed = db.DeclareQuery(`SELECT key FROM vault_erasure WHERE subject = $1`, "int")
	askOfRows = db.DeclareQuery(selectRows, "int int int")
)

const selectErasures = `SELECT subject, key, class, scope, item, request, marks, at FROM vault_erasure ORDER BY subject, key`

// An erasure is one key that is to die, and why.
type erasure struct {
	subject int64
	key     seal.KeyID
	class   policy.ClassNo
	scope   string
	item    policy.ItemNo
	request string
	marks   []byte // what the journal keeps of the identifiers, as they were before the act
	at      time.Time
}

func erasures(rs *db.Rows, err error) ([]erasure, error) {
	if err != nil {
		return nil, fmt.Errorf("vault erasures: %w", err)
	}
	defer rs.Close()
	var out []erasure
	for rs.Next() {
		var (
			e                    erasure
			key, class, item, at int64
		)
		if err := rs.Scan(&e.subject, &key, &class, &e.scope, &item, &e.request, &e.marks, &at); err != nil {
			return nil, fmt.Errorf("vault erasures: %w", err)
		}
		e.key, e.class, e.item = seal.KeyID(key), policy.ClassNo(class), policy.ItemNo(item)
		e.at = time.UnixMicro(at).UTC()
		out = append(out, e)
	}
	return out, rs.Err()
}

func (e erasure) do(act *db.Act, s *db.Statement) {
	act.Do(s, e.subject, int64(e.key), int64(e.class), e.scope, int64(e.item), e.request, e.marks, act.Now().UnixMicro())
}

// An intent is what one act of this process has decided: from the act on the
// erasure will happen, whatever happens to this process.
type intent struct {
	values  int       // values that were readable before
	pending []erasure // as vault_erasure has them
	after   *gate.State
	// alone: nothing else was under way about the subject, and the act has deleted
	// the rows. Then all that is left is to destroy the keys and to say so.
	alone bool
	held  func() (bool, error) // whether others may hold something of it; nil: nobody has asked
}

func keysOf(pending []erasure) []seal.KeyID {
	var keys []seal.KeyID
	for _, e := range pending {
		if e.key != 0 {
			keys = append(keys, e.key)
		}
	}
	return keys
}

// moved is the state as an act leaves it that was exercised on it.
func moved(s *gate.State) *gate.State {
	after := *s
	after.Subject.Version++
	return &after
}

// changing returns the rows of a subject that are not dying already, and whether
// nothing else is under way about it. An act that holds the subject's version may
// rely on both: whoever intends something moves the version, and so does whoever ends
// something of which rows are left. What more asks for is asked along. All of it is
// read ahead of the disk: who answers without such an act waits for [db.DB.Durable].
func (v *Vault) changing(ctx context.Context, num int64, more ...func(*db.Inquiry)) (out []row, alone bool, err error) {
	in := v.data.NewInquiry()
	rs, doomed := in.Ask(askOfRows, num, int64(0), int64(page)), in.Ask(askDoomed, num)
	for _, ask := range more {
		ask(in)
	}
	if err := in.RunAhead(ctx); err != nil {
		return nil, false, fmt.Errorf("vault rows: %w", err)
	}
	keys, err := db.Collect(doomed, "vault erasures", db.Value[int64])
	if err != nil {
		return nil, false, err
	}
	for {
		some, err := scanRows(rs, nil)
		if err != nil {
			return nil, false, err
		}
		for _, r := range some {
			if !slices.Contains(keys, int64(r.key)) {
				out = append(out, r)
			}
		}
		if len(some) < page {
			return out, len(keys) == 0, nil
		}
		if rs, err = v.data.Ask(ctx, askOfRows, num, some[len(some)-1].id, int64(page)); err != nil {
			return nil, false, fmt.Errorf("vault rows: %w", err)
		}
	}
}

// hashing keeps the secret of the journal's hashes for a while, as the keyring keeps
// ciphers.
type hashing struct {
	mu     sync.Mutex
	secret []byte    // guarded by mu
	until  time.Time // guarded by mu
}

const hashingFor = time.Minute

func (v *Vault) hashSecret(ctx context.Context) ([]byte, error) {
	h := &v.hashing
	h.mu.Lock()
	defer h.mu.Unlock()
	now := v.data.Now()
	if h.secret != nil && now.Before(h.until) {
		return h.secret, nil
	}
	secret, err := v.keys.Secret(ctx, "journal")
	if err != nil {
		return nil, fmt.Errorf("vault journal: %w", err)
	}
	h.secret, h.until = secret, now.Add(hashingFor)
	return secret, nil
}

// marks returns what the journal keeps of digests by which a subject is found: keyed
// hashes.
func (v *Vault) marks(ctx context.Context, digests [][]byte) ([]byte, error) {
	if len(digests) == 0 {
		return []byte{}, nil
	}
	secret, err := v.hashSecret(ctx)
	if err != nil {
		return nil, err
	}
	m := hmac.New(sha256.New, secret)
	out := make([]byte, 0, sha256.Size*len(digests))
	for _, d := range digests {
		m.Reset()
		m.Write(d)
		out = m.Sum(out)
	}
	return out, nil
}

// records are what the journal gets of a pending erasure: one of each scope, and more
// of the same where its subject has more identifiers than a record has room for.
func (v *Vault) records(sub subject.ID, pending []erasure) []journal.Record {
	var out []journal.Record
	at := v.data.Now()
	for _, e := range pending {
		scope := journalScope(e, pending)
		if slices.ContainsFunc(out, func(r journal.Record) bool { return r.Scope == scope }) {
			continue
		}
		r := journal.Record{At: at, Subject: string(sub), Scope: scope}
		for m := range slices.Chunk(e.marks, sha256.Size) {
			if len(r.Digests) == journal.MaxDigests {
				out, r.Digests = append(out, r), nil
			}
			r.Digests = append(r.Digests, [sha256.Size]byte(m))
		}
		out = append(out, r)
	}
	return out
}

// journalScope is what the journal calls the scope of one of some intents that end
// together.
func journalScope(e erasure, pending []erasure) journal.Scope {
	switch e.scope {
	case scopeItem:
		return journal.Scope{Kind: journal.OneItem, Number: int64(e.item)}
	case scopeClass:
		return journal.Scope{Kind: journal.OneClass, Number: int64(e.class)}
	}
	var classes []int64
	for _, p := range pending {
		if p.scope == scopeEverything && p.key != 0 {
			classes = append(classes, int64(p.class))
		}
	}
	return journal.Whole(classes)
}

// carry takes intents that are committed past the point where they are acknowledged:
// in the journal, and the keys dead. The two go side by side. Where the process ends
// between them, the intent is still there, and both are done again.
func (v *Vault) carry(ctx context.Context, sub subject.ID, pending []erasure) (destroyed time.Time, err error) {
	var journaled func(context.Context) error
	points := erasing()
	if pending[0].scope == scopeReplaced {
		points = correcting()
	} else {
		failpoint.Hit("vault.erase.before-journal")
		if journaled, err = v.journal.Begin(v.records(sub, pending)...); err != nil {
			return destroyed, fmt.Errorf("vault journal: %w", err)
		}
	}
	failpoint.Hit(points[0])
	if err := v.keys.Destroy(ctx, keysOf(pending)...); err != nil {
		return destroyed, fmt.Errorf("vault erase: %w", err)
	}
	destroyed = v.clock.Now()
	failpoint.Hit(points[1])
	if journaled != nil {
		if err := journaled(ctx); err != nil {
			return destroyed, fmt.Errorf("vault journal: %w", err)
		}
	}
	failpoint.Hit(points[2])
	v.data.CheckpointSoon()
	return destroyed, nil
}

func erasing() [3]string {
	return [3]string{"vault.erase.before-destroy", "vault.erase.after-destroy", "vault.erase.before-answer"}
}

func correcting() [3]string {
	return [3]string{"vault.correct.before-destroy", "vault.correct.after-destroy", "vault.correct.before-answer"}
}
