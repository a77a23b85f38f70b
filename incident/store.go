package incident

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
)

var (
	insertIncident = db.Declare(`INSERT INTO incident (num, id, kind, level, state, owner, report, touched, happened, advice, language,
		turns, discovered, declared, charge) VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, '', $9, $10, $11, $12, $13)`,
		"int text text text text text text text text int int int text")
	updateIncident = db.Declare(`UPDATE incident SET state = $1, happened = $2, advice = $3, language = $4, turns = $5, charge = $6,
		found = $7, telling = $8, ended = $9 WHERE num = $10 AND turns = $11`,
		"text text text text int text int int int int int").Must()
	insertMeasure = db.Declare(`INSERT INTO incident_measure (num, no, what, owner, opened, staff, note) VALUES ($1, $2, $3, $4, $5, '', '')`,
		"int int text text int")
	updateMeasure = db.Declare(`UPDATE incident_measure SET done = $1, staff = $2, note = $3 WHERE num = $4 AND no = $5 AND done IS NULL`,
		"int text text int int").Must()
	insertClock = db.Declare(`INSERT INTO incident_clock (num, no, duty, law, began, due, rule, cite, done, late, warned, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, NULL, '')`, "int int text text int int text text int")
	updateClock = db.Declare(`UPDATE incident_clock SET done = $1, late = $2, note = $3 WHERE num = $4 AND no = $5 AND done IS NULL`,
		"int int text int int").Must()
	warnClock = db.Declare(`UPDATE incident_clock SET warned = $1 WHERE num = $2 AND no = $3 AND warned IS NULL`, "int int int").Must()
	addPerson = db.Declare(`INSERT INTO incident_person (num, subject, found, state) VALUES ($1, $2, $3, 'waiting')
		ON CONFLICT (num, subject) DO NOTHING`, "int int int")
	setPerson = db.Declare(`UPDATE incident_person SET state = $1, told = $2, entry = $3 WHERE num = $4 AND subject = $5 AND state = 'waiting'`,
		"text int int int int").Must()
)

const (
	selectIncident = `SELECT num, id, kind, level, state, owner, report, touched, happened, advice, language, turns, discovered,
		declared, charge, found, telling, ended FROM incident`
	selectByID     = selectIncident + ` WHERE id = $1`
	selectPage     = selectIncident + ` WHERE num < $1 ORDER BY num DESC LIMIT $2`
	selectState    = selectIncident + ` WHERE num < $1 AND state = $3 ORDER BY num DESC LIMIT $2`
	selectMeasures = `SELECT no, what, owner, opened, done, staff, note FROM incident_measure WHERE num = $1 ORDER BY no`
	selectClocks   = `SELECT no, duty, law, due, rule, cite, done, late, warned, note FROM incident_clock WHERE num = $1 ORDER BY no`
	selectRunning  = `SELECT i.id, c.num, c.began, c.no, c.duty, c.law, c.due, c.rule, c.cite, c.warned FROM incident_clock c
		JOIN incident i ON i.num = c.num WHERE c.done IS NULL AND c.due IS NOT NULL ORDER BY c.due, c.num, c.no LIMIT $1`
	selectPeople = `SELECT subject, found, state, told FROM incident_person WHERE num = $1 AND subject > $2 ORDER BY subject LIMIT $3`
	selectWaits  = `SELECT subject, found, state, told FROM incident_person WHERE num = $1 AND state = 'waiting' ORDER BY subject LIMIT $2`
	countPeople  = `SELECT state, COUNT(*) FROM incident_person WHERE num = $1 GROUP BY state`
)

// A Person is somebody whom an incident concerns.
type Person struct {
	Subject int64
	Found   time.Time
	State   Told
	At      *time.Time // when they were told, or found unreachable
}

// Told says whether somebody was told.
type Told string

// What can become of telling somebody.
const (
	Waiting     Told = "waiting"
	Sent        Told = "told"
	Unreachable Told = "unreachable" // they left no address that a letter reaches
	Gone        Told = "gone"        // they were erased in the meantime
)

// Insert writes a new incident with its plan.
func Insert(w db.Writer, i *Incident, measures []Step, clocks []Clock) error {
	touched, err := json.Marshal(i.Touched)
	if err != nil {
		return fmt.Errorf("incident: %w", err)
	}
	w.Do(insertIncident, i.Num, string(i.ID), string(i.Kind), string(i.Level), i.Owner, i.Case, string(touched), i.Happened, i.Language,
		i.Turns, i.Discovered.UnixMicro(), i.Declared.UnixMicro(), i.Charge)
	for _, m := range measures {
		InsertMeasure(w, i.Num, m)
	}
	for _, c := range clocks {
		began := i.Discovered
		if c.Duty == Plan {
			began = i.Declared
		}
		w.Do(insertClock, i.Num, c.No, string(c.Duty), c.Law, began.UnixMicro(), micros(c.Due), c.Rule, c.Cite, micros(c.Done))
	}
	return nil
}

// Save writes what changed of an incident. The act loses when somebody else changed
// it in the meantime.
func Save(w db.Writer, i *Incident) {
	w.Do(updateIncident, string(i.State), i.Happened, i.Advice, i.Language, i.Turns, i.Charge, micros(i.Found), micros(i.Telling), micros(i.Ended),
		i.Num, i.Turns-1)
}

// InsertMeasure adds a measure to the plan of an incident.
func InsertMeasure(w db.Writer, num int64, m Step) {
	w.Do(insertMeasure, num, m.No, m.What, m.Owner, m.Opened.UnixMicro())
}

// SaveMeasure writes that a measure was done.
func SaveMeasure(w db.Writer, num int64, m Step) {
	w.Do(updateMeasure, micros(m.Done), m.By, m.Note, num, m.No)
}

// SaveClock writes that a clock was stopped.
func SaveClock(w db.Writer, num int64, c Clock) {
	late := int64(0)
	if c.Late {
		late = 1
	}
	w.Do(updateClock, micros(c.Done), late, c.Note, num, c.No)
}

// Warned writes that the officer was warned of a clock that runs out.
func Warned(w db.Writer, num, no int64) { w.Do(warnClock, w.Now().UnixMicro(), num, no) }

// Concern adds somebody whom an incident concerns; who is there already stays as they
// are.
func Concern(w db.Writer, num, subject int64) { w.Do(addPerson, num, subject, w.Now().UnixMicro()) }

// SavePerson writes what became of telling somebody, with the log entry that proves it.
func SavePerson(w db.Writer, num, subject int64, t Told, entry int64) {
	w.Do(setPerson, string(t), w.Now().UnixMicro(), entry, num, subject)
}

// Get returns an incident; fault.NotFound where there is none.
func Get(ctx context.Context, r db.Reader, want ID) (*Incident, error) {
	i, err := scan(r.Row(ctx, selectByID, string(want)))
	if db.None(err) {
		return nil, fault.New(fault.NotFound, "there is no such incident")
	}
	if err != nil {
		return nil, fmt.Errorf("incident get: %w", err)
	}
	return i, nil
}

// List returns incidents, the newest first: those of a state ("": any), before the
// number of the last one of the page before (0: from the newest on).
func List(ctx context.Context, r db.Reader, state State, before int64, limit int) ([]*Incident, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	sql, args := selectPage, []any{before, limit}
	if state != "" {
		sql, args = selectState, append(args, string(state))
	}
	return db.List(ctx, r, "incident list", scan, sql, args...)
}

// Measures returns the plan of an incident.
func Measures(ctx context.Context, r db.Reader, num int64) ([]Step, error) {
	return db.List(ctx, r, "incident measures", scanMeasure, selectMeasures, num)
}

func scanMeasure(row db.Scanner) (m Step, err error) {
	var (
		opened int64
		done   *int64
	)
	if err := row.Scan(&m.No, &m.What, &m.Owner, &opened, &done, &m.By, &m.Note); err != nil {
		return m, err
	}
	m.Opened, m.Done = time.UnixMicro(opened).UTC(), moment(done)
	return m, nil
}

// Clocks returns the clocks of an incident.
func Clocks(ctx context.Context, r db.Reader, num int64) ([]Clock, error) {
	return db.List(ctx, r, "incident clocks", scanClock, selectClocks, num)
}

func scanClock(row db.Scanner) (c Clock, err error) {
	var due, done, warned *int64
	if err := row.Scan(&c.No, &c.Duty, &c.Law, &due, &c.Rule, &c.Cite, &done, &c.Late, &warned, &c.Note); err != nil {
		return c, err
	}
	c.Due, c.Done, c.Warn = moment(due), moment(done), moment(warned)
	return c, nil
}

// A Running is a clock that runs, and of which incident.
type Running struct {
	Clock
	Incident ID
	Num      int64
	Began    time.Time
}

// RunningClocks returns the clocks that run, the most urgent first.
func RunningClocks(ctx context.Context, r db.Reader, limit int) ([]Running, error) {
	return db.List(ctx, r, "incident clocks", scanRunning, selectRunning, limit)
}

func scanRunning(row db.Scanner) (c Running, err error) {
	var (
		began       int64
		due, warned *int64
	)
	if err := row.Scan(&c.Incident, &c.Num, &began, &c.No, &c.Duty, &c.Law, &due, &c.Rule, &c.Cite, &warned); err != nil {
		return c, err
	}
	c.Began, c.Due, c.Warn = time.UnixMicro(began).UTC(), moment(due), moment(warned)
	return c, nil
}

func scan(r db.Scanner) (*Incident, error) {
	var (
		i                     Incident
		touched               string
		discovered, declared  int64
		found, telling, ended *int64
	)
	err := r.Scan(&i.Num, &i.ID, &i.Kind, &i.Level, &i.State, &i.Owner, &i.Case, &touched, &i.Happened, &i.Advice, &i.Language, &i.Turns,
		&discovered, &declared, &i.Charge, &found, &telling, &ended)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(touched), &i.Touched); err != nil {
		return nil, err
	}
	i.Discovered, i.Declared = time.UnixMicro(discovered).UTC(), time.UnixMicro(declared).UTC()
	i.Found, i.Telling, i.Ended = moment(found), moment(telling), moment(ended)
	return &i, nil
}

func micros(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMicro()
}

func moment(micros *int64) *time.Time {
	if micros == nil {
		return nil
	}
	at := time.UnixMicro(*micros).UTC()
	return &at
}
