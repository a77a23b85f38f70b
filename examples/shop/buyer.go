package shop

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/ncruces/go-sqlite3"
)

// A Buyer is a customer that a caller brings, in place of those that [Fill]
// makes up.
type Buyer struct {
	Name, Email, Phone     string
	Street, City, Postcode string
	Lang                   string
	Newsletter             bool
	Since                  time.Time
	Orders                 []Order
}

// An Order is something a buyer bought.
type Order struct {
	At        time.Time
	Products  []int // places in the stock
	Engraving string
	Method    string // alipay, wechat, card, paypal
	Note      string // what they wrote with it
	Question  string // what they asked afterwards; "": nothing
	Answer    string
	Return    string // why the first line went back; "": it did not
}

// A Product is something to buy. Price is in cents.
type Product struct {
	Title string
	Price int64
}

// A Stock is what a shop has: things, and people who answer.
type Stock struct {
	Products []Product
	Agents   []Agent
}

// An Agent answers customers.
type Agent struct{ Name, Email string }

// FillWith puts buyers with all that belongs to them into the tables of
// [Schema].
func FillWith(stock Stock, buyers []Buyer, exec Exec) error {
	f := &filler{exec: exec}
	for i, a := range stock.Agents {
		f.do("INSERT INTO agents (id, name, email) VALUES ($1, $2, $3)", int64(i+1), a.Name, a.Email)
	}
	for i, p := range stock.Products {
		f.do("INSERT INTO products (id, title, price) VALUES ($1, $2, $3)", int64(i+1), p.Title, p.Price)
	}
	for i, b := range buyers {
		f.buyer(int64(i+1), b, stock)
	}
	if f.err != nil {
		return fmt.Errorf("shop fill: %w", f.err)
	}
	return nil
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }

func (f *filler) buyer(id int64, b Buyer, stock Stock) {
	f.do("INSERT INTO customers (id, email, nickname, phone, agent_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
		id, b.Email, b.Name, b.Phone, 1+id%int64(len(stock.Agents)), moment(b.Since))
	if b.Newsletter {
		f.do("INSERT INTO newsletter (email, subscribed_at) VALUES ($1, $2)", b.Email, moment(b.Since))
	}
	f.do("INSERT INTO settings (customer_id, document) VALUES ($1, $2)", id, `{"lang":"`+b.Lang+`","mail":"`+b.Email+`"}`)
	address := f.id()
	f.do("INSERT INTO addresses (id, customer_id, recipient, street, city, postcode) VALUES ($1, $2, $3, $4, $5, $6)",
		address, id, b.Name, b.Street, b.City, b.Postcode)
	f.do("UPDATE customers SET default_address_id = $1 WHERE id = $2", address, id)
	for _, o := range b.Orders {
		f.bought(id, address, b, o, stock)
	}
}

func (f *filler) bought(customer, address int64, b Buyer, o Order, stock Stock) {
	order, total := f.id(), int64(0)
	for _, p := range o.Products {
		total += stock.Products[p].Price
	}
	f.do("INSERT INTO orders (id, customer_id, address_id, placed_at, recipient, total, note) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		order, customer, address, moment(o.At), b.Name, total, text(o.Note))
	for line, p := range o.Products {
		f.do("INSERT INTO order_lines (order_id, line_no, product_id, quantity, engraving) VALUES ($1, $2, $3, $4, $5)",
			order, int64(line+1), int64(p+1), int64(1), text(o.Engraving))
	}
	f.do("INSERT INTO payments (id, order_id, method, reference) VALUES ($1, $2, $3, $4)",
		f.id(), order, o.Method, fmt.Sprintf("%s-%d-%04d", strings.ToUpper(o.Method), o.At.Unix()/60, order))
	if o.Return != "" {
		f.do("INSERT INTO returns (id, order_id, line_no, reason) VALUES ($1, $2, $3, $4)", f.id(), order, int64(1), o.Return)
	}
	if o.Question != "" {
		question := f.id()
		f.do("INSERT INTO messages (id, customer_id, order_id, body) VALUES ($1, $2, $3, $4)", question, customer, order, o.Question)
		f.do("INSERT INTO messages (id, reply_to, body) VALUES ($1, $2, $3)", f.id(), question, o.Answer)
	}
}

// text is nil for what was not said.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// CreateSQLiteWith makes a new database file with these buyers.
func CreateSQLiteWith(ctx context.Context, file string, stock Stock, buyers []Buyer) error {
	c, err := sqlite3.OpenContext(ctx, file)
	if err != nil {
		return fmt.Errorf("shop: %w", err)
	}
	defer c.Close()
	if err := c.Exec("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; BEGIN;" + Schema("sqlite")); err != nil {
		return fmt.Errorf("shop: %w", err)
	}
	if err := FillWith(stock, buyers, func(sql string, args ...any) error { return execSQLite(c, sql, args) }); err != nil {
		return err
	}
	return c.Exec("COMMIT")
}

// CreatePostgresIn makes a schema, in place of an older one, with these buyers.
func CreatePostgresIn(ctx context.Context, dsn, schema string, stock Stock, buyers []Buyer) error {
	c, err := pgx.Connect(ctx, PlaceDSN(dsn, schema))
	if err != nil {
		return fmt.Errorf("shop: %w", err)
	}
	defer c.Close(ctx)
	name := pgx.Identifier{schema}.Sanitize()
	tx, err := c.Begin(ctx)
	if err != nil {
		return fmt.Errorf("shop: %w", err)
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "DROP SCHEMA IF EXISTS "+name+" CASCADE; CREATE SCHEMA "+name+";"+Schema("postgres")); err != nil {
		return fmt.Errorf("shop: %w", err)
	}
	var b pgx.Batch
	err = FillWith(stock, buyers, func(sql string, args ...any) error {
		b.Queue(sql, args...)
		return nil
	})
	if err == nil {
		err = tx.SendBatch(ctx, &b).Close()
	}
	if err != nil {
		return fmt.Errorf("shop: %w", err)
	}
	return tx.Commit(ctx)
}

// HasPostgres reports whether a schema is there.
func HasPostgres(ctx context.Context, dsn, schema string) (there bool, err error) {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return false, fmt.Errorf("shop: %w", err)
	}
	defer c.Close(ctx)
	err = c.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)", schema).Scan(&there)
	return there, err
}

// DropPostgres removes schemas, with all that stands in them.
func DropPostgres(ctx context.Context, dsn string, schemas ...string) error {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("shop: %w", err)
	}
	defer c.Close(ctx)
	for _, s := range schemas {
		if _, err := c.Exec(ctx, "DROP SCHEMA IF EXISTS "+pgx.Identifier{s}.Sanitize()+" CASCADE"); err != nil {
			return fmt.Errorf("shop: %w", err)
		}
	}
	return nil
}
