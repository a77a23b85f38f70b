package rights

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/job"
	"github.com/avow-dev/avow/parcel"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// keptFor is how long the request key outlives a request that was refused,
// withdrawn or has expired.
const keptFor = 30 * 24 * time.Hour

// packed is what a receipt says about a package.
type packed struct {
	Digest  string `json:"sha256"`
	Size    int64  `json:"bytes"`
	Values  int    `json:"values"`
	Entries int    `json:"entries"`
}

// pack makes the package from the spools, in sealed pieces, and moves the request
// to verified-after: every row that the systems said is the person's is in it.
func (s *Service) pack(ctx context.Context, w *work) error {
	about := packed{}
	entries, err := s.spoolTold(ctx, w)
	if err != nil {
		return err
	}
	about.Entries = entries
	expires := s.data.Now().Add(s.life)
	p, values, err := s.parcel(ctx, w, expires)
	if err != nil {
		return err
	}
	about.Values = values
	pieces, err := s.newPieces(ctx, w)
	if err != nil {
		return err
	}
	write := parcel.Write
	if w.q.right() == policy.Portability {
		write = parcel.WritePortable
	}
	if err := write(pieces, p); err != nil {
		return err
	}
	if err := pieces.flush(); err != nil {
		return err
	}
	about.Size, about.Digest = pieces.size, hex.EncodeToString(pieces.hash.Sum(nil))
	if w.step.outcome, err = json.Marshal(about); err != nil {
		return fmt.Errorf("rights pack: %w", err)
	}
	w.step.planned, w.step.done, w.step.extra = int64(values), int64(values), pieces.part
	s.point("rights.pack.before-sweep")
	return s.packedUp(ctx, w, expires, pieces.hash.Sum(nil))
}

func (s *Service) packedUp(ctx context.Context, w *work, expires time.Time, digest []byte) error {
	w.q.expires = &expires
	return s.finish(ctx, w, fact{
		kind: audit.StepDone, control: policy.AccessPackage,
		public: []audit.Field{audit.Text(audit.TagAction, plan.Pack), audit.Text(audit.TagForm, "zip"), audit.Bytes(audit.TagHash, digest)},
	}, func(a *db.Act) error {
		if err := w.q.may(VerifiedAfter); err != nil {
			return err
		}
		w.q.state = VerifiedAfter
		a.Do(deleteSpools, w.q.num)
		job.Enqueue(a, job.Job{Kind: jobClose, Ref: string(w.q.id), RunAt: expires})
		_, err := s.say(ctx, a, w.q, w.about, fact{kind: audit.VerifiedAfter, control: policy.AccessPackage})
		return err
	})
}

// pieces writes a package into sealed rows as it comes.
type pieces struct {
	ctx  context.Context
	s    *Service
	w    *work
	hash hash.Hash
	buf  []byte
	part int64
	size int64
}

func (s *Service) newPieces(ctx context.Context, w *work) (*pieces, error) {
	a := s.data.NewAct()
	a.Do(deleteParcel, w.q.num) // of a try that was interrupted
	if err := s.data.Commit(ctx, a); err != nil {
		return nil, fmt.Errorf("rights package: %w", err)
	}
	return &pieces{ctx: ctx, s: s, w: w, hash: sha256.New()}, nil
}

// Write takes the next bytes of the zip file.
func (p *pieces) Write(b []byte) (int, error) {
	p.hash.Write(b)
	p.size += int64(len(b))
	p.buf = append(p.buf, b...)
	if len(p.buf) < partSize {
		return len(b), nil
	}
	return len(b), p.flush()
}

func (p *pieces) flush() error {
	if len(p.buf) == 0 {
		return nil
	}
	sealed, err := p.s.sealBytes(p.ctx, p.w.q, placeParcel, p.part, p.buf)
	if err != nil {
		return err
	}
	p.s.point("rights.pack.before-part")
	a := p.s.data.NewAct()
	a.Do(insertParcel, p.w.q.num, p.part, sealed)
	if err := p.s.data.Commit(p.ctx, a); err != nil {
		return fmt.Errorf("rights package: %w", err)
	}
	p.buf = p.buf[:0]
	p.part++
	return nil
}

// unpack writes the package to w, piece by piece.
func (s *Service) unpack(ctx context.Context, q *request, w io.Writer) error {
	for part := int64(0); ; part++ {
		var sealed []byte
		err := s.data.Read(ctx, func(r *db.Snapshot) error {
			return r.Row(ctx, selectParcel, q.num, part).Scan(&sealed)
		})
		if db.None(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("rights package: %w", err)
		}
		plain, err := s.openBytes(ctx, q, placeParcel, part, sealed)
		if err != nil {
			return err
		}
		if _, err := w.Write(plain); err != nil {
			return err
		}
	}
}

// spoolTold puts every log entry about the person and every case of theirs into the
// step's spool, so that each file of the package shows the same ones. It returns how
// many entries there are.
func (s *Service) spoolTold(ctx context.Context, w *work) (n int, err error) {
	sp, err := s.newSpool(ctx, w)
	if err != nil || w.q.subject == 0 {
		return 0, err
	}
	put := func(t told) error {
		line, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("rights package: %w", err)
		}
		return sp.line(ctx, append(line, '\n'))
	}
	if s.cases != nil && w.q.right() != policy.Portability {
		if err := s.cases(ctx, w.q.subject, w.q.language, func(c parcel.Case) error { return put(told{Case: &c}) }); err != nil {
			return 0, err
		}
	}
	words := narrator{s.policy(), w.q.language}
	err = s.entriesOf(ctx, w.q.subject, func(r audit.Record) error {
		n++
		e := words.entry(r)
		return put(told{Entry: &e})
	})
	if err != nil {
		return n, err
	}
	return n, sp.flush(ctx)
}

// entriesOf gives every log entry about a subject.
func (s *Service) entriesOf(ctx context.Context, sub int64, emit func(audit.Record) error) error {
	if _, err := s.log.Sequence(ctx); err != nil { // pending entries get their numbers
		return err
	}
	after := ""
	for {
		var page []audit.Record
		err := s.data.Read(ctx, func(r *db.Snapshot) (err error) {
			page, err = s.log.Entries(ctx, r, audit.Filter{Subject: sub, After: after, Limit: 500})
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range page {
			if err := emit(r); err != nil {
				return err
			}
		}
		if len(page) < 500 {
			return nil
		}
		after = page[len(page)-1].Cursor(true)
	}
}
