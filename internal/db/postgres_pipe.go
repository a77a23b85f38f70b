package db

import (
	"context"
	"encoding/binary"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// A pipe sends statements without waiting for their answers.
type pipe struct {
	c        *postConn
	p        *pgconn.Pipeline
	sent     []sending // not answered yet
	tag      string    // of the last statement answered
	skipped  int       // statements not run because one before them failed
	answered bool      // the server answered, if only with an error
}

// A sending is a statement under way, or the mark up to which an error reaches.
type sending struct {
	must, mark bool
	asks       []*asking // whom its rows answer
}

func (c *postConn) pipe(ctx context.Context) *pipe {
	return &pipe{c: c, p: c.c.PgConn().StartPipeline(ctx), sent: c.sent[:0]}
}

// send sends a statement that has no parameters.
func (p *pipe) send(s *pgconn.StatementDescription) {
	p.p.SendQueryPrepared(s.Name, nil, nil, nil)
	p.sent = append(p.sent, sending{})
}

// sendEncoded sends a statement with the parameters just encoded.
func (p *pipe) sendEncoded(s *pgconn.StatementDescription, must bool) {
	// Not SendQueryStatement: in pgx 5.12 it loses step after an error.
	p.p.SendQueryPrepared(s.Name, p.c.out.done(), p.c.format, p.c.format)
	p.sent = append(p.sent, sending{must: must})
}

// sendSteps sends the rows of steps, merged where they can be, and forgets them.
func (p *pipe) sendSteps(steps []step) {
	for i := range steps {
		st := &steps[i]
		if st.s.packed {
			p.sendPacked(st)
			continue
		}
		ready := p.c.declared[st.s]
		if len(st.rows) == 1 || ready.merged == nil {
			for _, r := range st.rows {
				p.sendRow(st.s, r.l.args(r.o))
			}
			continue
		}
		out := &p.c.out
		out.reset()
		for col, k := range st.s.types {
			out.beginArray(k, len(st.rows))
			for _, r := range st.rows {
				out.element(&r.l.vals[r.o.first+col])
			}
			out.endParam()
		}
		p.sendEncoded(ready.merged, st.s.must)
	}
	p.c.steps = forget(steps)
}

// sendPacked sends the rows that the writes of a packed statement make together.
func (p *pipe) sendPacked(st *step) {
	pack(st.rows, func(args []value) error { // fails only where this does
		p.sendRow(st.s, args)
		return nil
	})
}

// sendRow sends one row.
func (p *pipe) sendRow(s *Statement, args []value) {
	out := &p.c.out
	out.reset()
	for i := range args {
		out.scalar(&args[i])
	}
	p.sendEncoded(p.c.declared[s].single, s.must)
}

// sync marks how far an error reaches.
func (p *pipe) sync() {
	p.p.SendPipelineSync()
	p.sent = append(p.sent, sending{mark: true})
}

// flush sends what has been gathered, up to a mark.
func (p *pipe) flush() error {
	p.sync()
	return postError(p.p.Flush())
}

// results reads the answers up to the next mark. It returns the first error and
// whether it came from a statement that had to touch one row and did not.
func (p *pipe) results() (must bool, first error) {
	p.skipped, p.answered = 0, true
	for len(p.sent) > 0 {
		s := p.sent[0]
		p.sent[0].asks = nil // the memory is used again
		p.sent = p.sent[1:]
		if s.mark {
			return must, p.mark(first)
		}
		if first != nil {
			p.skipped++
			continue
		}
		err := p.settle(s.asks)
		if err != nil {
			first = postError(err)
			pg, ok := errors.AsType[*pgconn.PgError](err)
			p.answered = ok
			must = ok && s.must && pg.Code == divisionByZero
			if !ok {
				return false, first
			}
		}
	}
	return must, first
}

// mark reads the server's answer to a mark.
func (p *pipe) mark(first error) error {
	r, err := p.p.GetResults()
	if _, ok := r.(*pgconn.PipelineSync); ok {
		return first
	}
	if first == nil {
		p.answered = false
		first = postError(errors.Join(errors.New("the server did not answer in order"), err))
	}
	return first
}

// settle reads the answer to one statement, and gives its rows to those who asked.
func (p *pipe) settle(asks []*asking) error {
	if len(asks) == 0 {
		return p.result()
	}
	r, err := p.p.GetResults()
	if err != nil {
		return err
	}
	rr, ok := r.(*pgconn.ResultReader)
	if !ok {
		return errors.New("the server did not answer in order")
	}
	err = give(rr, asks)
	for _, a := range asks {
		a.reply.failed = err
	}
	asks[0].share()
	_, err = rr.Close()
	return err
}

// result reads the answer to one statement.
func (p *pipe) result() error {
	r, err := p.p.GetResults()
	if err != nil {
		return err
	}
	rr, ok := r.(*pgconn.ResultReader)
	if !ok {
		return errors.New("the server did not answer in order")
	}
	tag, err := rr.Close()
	if err != nil {
		return err
	}
	p.tag = tag.String()
	return nil
}

// rows begins to read the rows of the statement that was sent first of those unread.
func (p *pipe) rows() (*pgconn.ResultReader, error) {
	p.sent = p.sent[1:]
	r, err := p.p.GetResults()
	if err != nil {
		return nil, postError(err)
	}
	rr, ok := r.(*pgconn.ResultReader)
	if !ok {
		return nil, errors.New("the server did not answer in order")
	}
	return rr, nil
}

// numbers reads an answer of one column of integers.
func (p *pipe) numbers(each func(int64)) error {
	rr, err := p.rows()
	if err != nil {
		return err
	}
	for rr.NextRow() {
		if raw := rr.Values()[0]; len(raw) == 8 {
			each(int64(binary.BigEndian.Uint64(raw)))
		}
	}
	_, err = rr.Close()
	return postError(err)
}
