package db

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/avow-dev/avow/fault"
	"github.com/jackc/pgx/v5"
)

// post is the PostgreSQL engine: committers that write the acts of all callers,
// and a pool for reading and for transactions.
type post struct {
	db      *DB
	config  *pgx.ConnConfig
	pool    *pool[*postConn]
	queue   *queue
	lane    lane
	writers sync.WaitGroup
	quit    chan struct{}
}

// committers is how many groups may be on their way at once: the server merges
// their fsyncs.
const committers = 2

// clockEvery is how often the distance to the server's clock is measured.
const clockEvery = time.Minute

func (d *DB) openPostgres(ctx context.Context) error {
	config, err := pgx.ParseConfig(d.config.DSN)
	if err != nil {
		return fault.New(fault.Invalid, "the PostgreSQL connection string cannot be read: write it as postgres://user:password@host:port/database")
	}
	if d.config.Schema != "" {
		config.RuntimeParams["search_path"] = pgx.Identifier{d.config.Schema}.Sanitize()
	}
	config.RuntimeParams["synchronous_commit"] = "on"
	config.RuntimeParams["application_name"] = "avow"
	config.RuntimeParams["jit"] = "off" // compiling takes longer than any statement here
	// What is sent at once outside a transaction of its own sees one snapshot.
	config.RuntimeParams["default_transaction_isolation"] = "repeatable read"
	config.StatementCacheCapacity = maxPrepared
	e := &post{db: d, config: config, queue: newQueue(), quit: make(chan struct{})}
	e.lane.init()
	conn, err := e.open(ctx)
	if err != nil {
		return err
	}
	if err := conn.migrateTo(ctx, d); err != nil {
		conn.c.Close(ctx)
		return err
	}
	if err := e.measure(ctx, conn); err != nil {
		conn.c.Close(ctx)
		return err
	}
	n := d.config.Readers
	if n <= 0 {
		n = 4 * runtime.GOMAXPROCS(0)
	}
	e.pool = newPool(n, e.open)
	d.engine, d.askers.dear = e, true
	for i := range committers {
		w := &postWriter{db: d, engine: e}
		if i == 0 {
			if err := conn.byIndex(ctx); err != nil {
				conn.c.Close(ctx)
				return err
			}
			w.conn = conn
		}
		e.writers.Go(w.loop)
	}
	e.writers.Go(e.keepTime)
	return nil
}

// open opens a connection and asserts what the promises of this package rest on.
func (e *post) open(ctx context.Context) (*postConn, error) {
	c, err := pgx.ConnectConfig(ctx, e.config)
	if err != nil {
		return nil, fault.Wrap(fault.Busy, postError(err), "PostgreSQL cannot be reached; check the connection string and that the server runs")
	}
	var version int
	var sync string
	err = c.QueryRow(ctx, "SELECT current_setting('server_version_num')::int, current_setting('synchronous_commit')").Scan(&version, &sync)
	switch {
	case err != nil:
		err = postError(err)
	case version < 150000:
		err = fault.New(fault.Invalid, "the server is PostgreSQL %d; avow needs 15 or later", version/10000)
	case sync != "on":
		err = fault.New(fault.Invalid, "the server's synchronous_commit is %q; avow needs on, or an answer could outlive its log entry", sync)
	}
	if err != nil {
		c.Close(ctx)
		return nil, err
	}
	return newPostConn(c), nil
}

// measure sets the distance between the machine's clock and the server's.
func (e *post) measure(ctx context.Context, c *postConn) error {
	var server int64
	before := time.Now()
	err := c.c.QueryRow(ctx, "SELECT "+e.realTime()).Scan(&server)
	if err != nil {
		return postError(err)
	}
	middle := before.Add(time.Since(before) / 2)
	e.db.clock.offset.Store(server - middle.UnixMicro())
	return nil
}

// keepTime measures the clock now and then.
func (e *post) keepTime() {
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	for {
		select {
		case <-e.quit:
			return
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), clockEvery/4)
		if c, err := e.pool.get(ctx); err == nil {
			e.measure(ctx, c) // next time, where the server cannot be reached
			e.put(c)
		}
		cancel()
	}
}

// put gives a connection back to the pool, or closes it.
func (e *post) put(c *postConn) {
	whole := c.whole()
	if !whole {
		c.c.Close(context.Background())
	}
	e.pool.put(c, whole)
}

func (e *post) realTime() string {
	return "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint"
}

func (e *post) prepare(ctx context.Context, sql string) error {
	if _, err := split(sql); err != nil {
		return err
	}
	c, err := e.pool.get(ctx)
	if err != nil {
		return err
	}
	defer e.put(c)
	if _, err := c.c.PgConn().Prepare(ctx, "", strings.TrimSpace(sql), nil); err != nil {
		return postError(err)
	}
	return nil
}

func (e *post) identity(ctx context.Context) (id string, err error) {
	err = e.read(ctx, false, func(s *Snapshot) error {
		return s.Row(ctx, "SELECT system_identifier FROM pg_control_system()").Scan(&id)
	})
	return id, err
}

func (e *post) checkpoint(context.Context) error { return nil }

func (e *post) checkpointSoon() {}

func (e *post) backup(context.Context, string, func(done, total int)) error {
	return fault.New(fault.Invalid, "a PostgreSQL database is backed up with pg_dump --schema, not by this command")
}

func (e *post) close() error {
	close(e.quit)
	e.queue.close()
	e.writers.Wait()
	return e.pool.close(func(c *postConn) error { return c.c.Close(context.Background()) })
}
