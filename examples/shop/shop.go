// Package shop is a small company with a database of its own: a schema for
// SQLite, PostgreSQL and MySQL, a data map for avow, and synthetic customers. The demo
// and the tests of the connectors use it; nothing in it is anybody's data.
//
// The package owns no table of avow's.
package shop

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

//go:embed schema.sqlite.sql
var sqliteSchema string

//go:embed schema.postgres.sql
var postgresSchema string

//go:embed schema.mysql.sql
var mysqlSchema string

//go:embed shop.yaml
var dataMap []byte

// Schema returns the statements that make the shop's tables in a database of
// this kind: sqlite, postgres or mysql.
func Schema(kind string) string {
	switch kind {
	case "postgres":
		return postgresSchema
	case "mysql":
		return mysqlSchema
	}
	return sqliteSchema
}

// Map returns the text of the shop's data map for a database of this kind.
func Map(kind string) []byte {
	m := bytes.Replace(dataMap, []byte("kind: sqlite"), []byte("kind: "+kind), 1)
	if kind == "mysql" {
		m = bytes.Replace(m, []byte("plain: [created_at]"), []byte("plain: [created_at, email_key]"), 1)
	}
	return m
}

// MapIn returns the data map for a PostgreSQL database that has the shop in this
// schema.
func MapIn(schema string) []byte {
	return bytes.Replace(Map("postgres"), []byte("kind: postgres"), []byte("kind: postgres\nschema: "+schema), 1)
}

// A Customer is a synthetic person, by what finds them.
type Customer struct {
	ID       int64
	Nickname string
	Email    string
	Phone    string // E.164
	// Values are those of the person's values that are nobody else's: an export
	// must hold all of them, a search after an erasure none but those in Kept.
	Values []string
	Kept   []string // values in orders and payments, which are kept for the books
}

// Exec runs one statement with its arguments, which are of type int64 or string
// or nil. Parameters are $1, $2, … in order.
type Exec func(sql string, args ...any) error

// Fill puts n customers with all that belongs to them into the tables of
// [Schema] and returns the customers. The same n gives the same shop.
func Fill(n int, exec Exec) ([]Customer, error) {
	f := &filler{r: rand.New(rand.NewPCG(2026, 11)), exec: exec}
	f.stock()
	out := make([]Customer, 0, n)
	for id := int64(1); id <= int64(n) && f.err == nil; id++ {
		out = append(out, f.customer(id))
	}
	if f.err != nil {
		return nil, fmt.Errorf("shop fill: %w", f.err)
	}
	return out, nil
}

// filler makes rows; after the first error it makes none.
type filler struct {
	r    *rand.Rand
	exec Exec
	err  error
	c    *Customer
	next int64 // last number given to a row
}

func (f *filler) do(sql string, args ...any) {
	if f.err == nil {
		f.err = f.exec(sql, args...)
	}
}

func (f *filler) id() int64 { f.next++; return f.next }

func pick[T any](f *filler, list []T) T { return list[f.r.IntN(len(list))] }

// token is what makes a value one person's: it is not found by chance.
func (f *filler) token() string {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789"
	var b [8]byte
	for i := range b {
		b[i] = letters[f.r.IntN(len(letters))]
	}
	return string(b[:])
}

// own notes a value as the person's alone.
func (f *filler) own(value string) string {
	f.c.Values = append(f.c.Values, value)
	return value
}

// kept notes a value as the person's alone that an erasure leaves in the books.
func (f *filler) kept(value string) string {
	f.c.Kept = append(f.c.Kept, value)
	return f.own(value)
}

// stock fills the tables that hold no customer.
func (f *filler) stock() {
	for i, name := range []string{"Chen Jie", "Maria Alvarez", "周敏"} {
		f.do("INSERT INTO agents (id, name, email) VALUES ($1, $2, $3)", int64(i+1), name, fmt.Sprintf("agent%d@shop.example", i+1))
	}
	for i, title := range products() {
		f.do("INSERT INTO products (id, title, price) VALUES ($1, $2, $3)", int64(i+1), title, int64(4900+i*2500))
	}
}

func products() []string {
	return []string{"Camera C1", "Camera C2 outdoor", "Doorbell D1", "Wall mount", "Solar panel", "Memory card 64 GB"}
}

func (f *filler) customer(id int64) Customer {
	f.c = &Customer{ID: id}
	first, last, latin := f.name()
	f.c.Nickname = f.own(last + first + "-" + f.token()[:4])
	f.c.Email = f.own(latin + "." + f.token() + "@mail.example")
	f.c.Phone = fmt.Sprintf("+861%d%09d", 3+f.r.IntN(7), f.r.IntN(1_000_000_000))
	phone := f.c.Phone
	switch f.r.IntN(3) {
	case 0:
		phone = phone[3:6] + " " + phone[6:10] + " " + phone[10:] // as people type it
	case 1:
		phone = phone[:3] + "-" + phone[3:]
	}
	f.own(phone)
	stored := f.c.Email
	if f.r.IntN(4) == 0 {
		stored = strings.ToUpper(stored[:1]) + stored[1:]
		f.own(stored)
	}
	f.do("INSERT INTO customers (id, email, nickname, phone, password_hash, agent_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		id, stored, f.c.Nickname, phone, "$argon2id$"+f.token()+f.token(), 1+id%3, f.day())
	if f.r.IntN(2) == 0 {
		f.do("INSERT INTO newsletter (email, subscribed_at) VALUES ($1, $2)", f.c.Email, f.day())
	}
	f.settings(id)
	addresses := f.addresses(id, last+first)
	for range 1 + f.r.IntN(3) {
		f.order(id, pick(f, addresses), last+first)
	}
	return *f.c
}

// name returns first and last name and a form fit for an address.
func (f *filler) name() (first, last, latin string) {
	if f.r.IntN(2) == 0 {
		n := pick(f, [][3]string{{"伟", "王", "wang.wei"}, {"芳", "李", "li.fang"}, {"秀英", "张", "zhang.xiuying"}, {"洋", "刘", "liu.yang"}, {"静", "陈", "chen.jing"}, {"晓明", "赵", "zhao.xiaoming"}})
		return n[0], n[1], n[2]
	}
	n := pick(f, [][2]string{{"Ann", "Whitlock"}, {"Luís", "Peixoto"}, {"Grace", "Okafor"}, {"Zoë", "Lindqvist"}, {"Omar", "Haddad"}, {"Ruth", "Peacock"}})
	return n[0] + " ", n[1] + " ", strings.ToLower(strings.NewReplacer("í", "i", "ë", "e").Replace(n[0] + "." + n[1]))
}

func (f *filler) day() string {
	return fmt.Sprintf("2026-%02d-%02d 10:%02d:00", 1+f.r.IntN(10), 1+f.r.IntN(28), f.r.IntN(60))
}

func (f *filler) settings(customer int64) {
	doc, err := json.Marshal(map[string]any{"lang": pick(f, []string{"en", "zh-CN"}), "contact": map[string]string{"mail": f.c.Email}, "device": f.own("cam-" + f.token())})
	if err != nil {
		f.err = err
		return
	}
	f.do("INSERT INTO settings (customer_id, document) VALUES ($1, $2)", customer, string(doc))
}

func (f *filler) addresses(customer int64, name string) []int64 {
	var out []int64
	for range 1 + f.r.IntN(2) {
		id := f.id()
		city := pick(f, []string{"上海", "Shenzhen", "Hangzhou", "成都"})
		street := f.own(fmt.Sprintf("%s %d-%d #%s", pick(f, []string{"Changning Road", "南京西路", "Keji South 12th Road", "人民路"}), 1+f.r.IntN(900), 1+f.r.IntN(40), f.token()[:5]))
		f.do("INSERT INTO addresses (id, customer_id, recipient, street, city, postcode) VALUES ($1, $2, $3, $4, $5, $6)",
			id, customer, name, street, city, fmt.Sprintf("%06d", 100000+f.r.IntN(700000)))
		out = append(out, id)
	}
	f.do("UPDATE customers SET default_address_id = $1 WHERE id = $2", out[0], customer)
	return out
}

func (f *filler) order(customer, address int64, name string) {
	order := f.id()
	f.do("INSERT INTO orders (id, customer_id, address_id, placed_at, recipient, total, note) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		order, customer, address, f.day(), f.kept(name+" ("+f.token()+")"), int64(4900+f.r.IntN(90000)), f.own("leave it with the neighbour, code "+f.token()))
	lines := 1 + f.r.IntN(3)
	for line := int64(1); line <= int64(lines); line++ {
		f.do("INSERT INTO order_lines (order_id, line_no, product_id, quantity, engraving) VALUES ($1, $2, $3, $4, $5)",
			order, line, 1+f.r.Int64N(int64(len(products()))), 1+f.r.Int64N(3), f.own("for "+f.token()))
	}
	if f.r.IntN(3) == 0 {
		f.do("INSERT INTO returns (id, order_id, line_no, reason) VALUES ($1, $2, $3, $4)", f.id(), order, int64(1), f.own("it did not fit the door of flat "+f.token()))
	}
	f.do("INSERT INTO payments (id, order_id, method, reference) VALUES ($1, $2, $3, $4)", f.id(), order, pick(f, []string{"alipay", "wechat", "card"}), f.kept("PAY-"+strings.ToUpper(f.token())))
	if f.r.IntN(2) == 0 {
		question := f.id()
		f.do("INSERT INTO messages (id, customer_id, order_id, body) VALUES ($1, $2, $3, $4)", question, customer, order, f.own("Where is parcel "+f.token()+"? Write to "+f.c.Email))
		f.do("INSERT INTO messages (id, reply_to, body) VALUES ($1, $2, $3)", f.id(), question, f.own("Dear customer, parcel "+f.token()+" left today"))
	}
}
