package gate

import (
	"context"
	"fmt"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/id"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// An Action is what a step may do in a system outside the vault.
type Action string

// The actions of a step.
const (
	Survey   Action = "survey"   // count and name the person's rows
	Export   Action = "export"   // read the person's values
	Correct  Action = "correct"  // change a value
	Erase    Action = "erase"    // delete, clear or detach the person's rows
	Restrict Action = "restrict" // mark the rows as not to be used
	Verify   Action = "verify"   // search for what may be left
)

// A Warrant is durable leave for one step of one request to do one thing with
// one subject's data in one system. The zero Warrant covers nothing; a Warrant
// whose act has not been committed covers nothing either.
type Warrant struct {
	act     *db.Act // nil once read back from the store
	id      string
	system  string
	action  Action
	subject string
}

// Covers reports whether w is leave to do action in system about subject,
// which is the public id of the subject, or of the request where nobody is
// known by the identifiers given.
func (w Warrant) Covers(system string, action Action, subject string) bool {
	durable := w.act == nil || w.act.Committed()
	return w.id != "" && durable && w.system == system && w.action == action && w.subject == subject
}

// ID names the warrant in the log. It is empty for the zero Warrant.
func (w Warrant) ID() string { return w.id }

// A Step says what a warrant is for.
type Step struct {
	Request string // req_…
	Number  int64  // of the step in the plan
	System  string
	Action  Action
	Subject subject.Facts // the zero value where nobody is known
}

// who returns what Covers compares.
func (s Step) who() string {
	if s.Subject.Num == 0 {
		return s.Request
	}
	return string(s.Subject.ID)
}

var insertWarrant = db.Declare(`INSERT INTO warrant (id, request, step, system, action, subject, at)
	VALUES ($1, $2, $3, $4, $5, $6, $7)`, "text text int text text int int")

const selectWarrant = `SELECT id, subject FROM warrant WHERE request = $1 AND step = $2 AND system = $3 AND action = $4`

// Warrant returns the warrant of a step, and makes it, with its log entry, in
// an act of its own where there is none yet. It is durable when this returns,
// and the same after a crash.
func (g *Gate) Warrant(ctx context.Context, s Step) (Warrant, error) {
	if w, ok, err := g.lookup(ctx, s); err != nil || ok {
		return w, err
	}
	act := g.data.NewAct()
	w := Warrant{act: act, id: id.Ordered("wrt", act.Now()), system: s.System, action: s.Action, subject: s.who()}
	act.Do(insertWarrant, w.id, s.Request, s.Number, s.System, string(s.Action), s.Subject.Num, act.Now().UnixMicro())
	_, err := g.log.Append(ctx, act, audit.Entry{
		Kind: audit.Warranted, Control: policy.UseLog,
		Public:  []audit.Field{audit.Text(audit.TagSystem, s.System), audit.Text(audit.TagAction, s.Action), audit.Num(audit.TagStep, s.Number)},
		Subject: s.Subject.Num, SubjectID: string(s.Subject.ID), Key: s.Subject.LogKey,
		Private: warrantPrivate(s, w),
	})
	if err != nil {
		return Warrant{}, fmt.Errorf("gate warrant: %w", err)
	}
	switch err := g.data.Commit(ctx, act); {
	case db.Constraint(err): // another worker of the same step was first
		w, ok, err := g.lookup(ctx, s)
		if err == nil && !ok {
			err = fault.New(fault.Conflict, "the warrant of this step is being made elsewhere: try again")
		}
		return w, err
	case err != nil:
		return Warrant{}, fmt.Errorf("gate warrant: %w", err)
	}
	return w, nil
}

func warrantPrivate(s Step, w Warrant) []audit.Field {
	if s.Subject.Num == 0 {
		return nil // nobody to seal it for
	}
	return []audit.Field{audit.Text(audit.TagRequest, s.Request), audit.Text(audit.TagWarrant, w.id)}
}

func (g *Gate) lookup(ctx context.Context, s Step) (w Warrant, ok bool, err error) {
	err = g.data.Read(ctx, func(r *db.Snapshot) error {
		var num int64
		err := r.Row(ctx, selectWarrant, s.Request, s.Number, s.System, string(s.Action)).Scan(&w.id, &num)
		switch {
		case db.None(err):
			return nil
		case err != nil:
			return fmt.Errorf("gate warrant: %w", err)
		case num != s.Subject.Num:
			return fault.New(fault.Denied, "the warrant of this step is about somebody else")
		}
		ok = true
		return nil
	})
	if !ok {
		return Warrant{}, false, err
	}
	w.system, w.action, w.subject = s.System, s.Action, s.who()
	return w, true, nil
}
