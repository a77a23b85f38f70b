package demo

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/avow-dev/avow/examples/shop"
)

// schemaOf is the schema of a platform's shop on PostgreSQL.
func schemaOf(platform string) string { return "avow_demo_" + strings.ReplaceAll(platform, "-", "_") }

// serverSchema is where the server's own tables stand on PostgreSQL.
const serverSchema = "avow_server_server"

// inSchema returns a data map for a shop in a schema.
func inSchema(m []byte, schema string) []byte {
	return bytes.Replace(m, []byte("kind: postgres"), []byte("kind: postgres\nschema: "+schema), 1)
}

// buyers are the people who bought something, and a few who are in the shop and
// nowhere else.
func (s *stage) buyers() []shop.Buyer {
	var out []shop.Buyer
	for _, l := range s.people {
		if len(l.bought) == 0 {
			continue
		}
		b := shop.Buyer{
			Name: l.Name, Email: l.Email, Phone: l.Phone, Street: l.Street, City: l.City, Postcode: l.Postcode, Lang: "en",
			Newsletter: l.r.IntN(2) == 0, Since: s.clock.moment(l.joined, 30),
		}
		if l.Chinese {
			b.Lang = "zh-CN"
		}
		for i, o := range l.bought {
			b.Orders = append(b.Orders, s.ordered(l, i, o))
		}
		out = append(out, b)
	}
	for i, p := range People(uint64(len(out))^0x0bbe, 12) {
		p.Email = "guest" + strings.Repeat("0", i%3) + "." + p.Email
		out = append(out, shop.Buyer{
			Name: p.Name, Email: p.Email, Phone: p.Phone, Street: p.Street, City: p.City, Postcode: p.Postcode, Lang: "en",
			Since: s.clock.moment(i, 60), Orders: []shop.Order{{At: s.clock.moment(i+1, 60), Products: []int{i % 3}, Method: "alipay"}},
		})
	}
	return out
}

func (s *stage) ordered(l *life, i int, o order) shop.Order {
	out := shop.Order{At: s.clock.moment(o.day, 45), Products: o.products, Method: o.method}
	if l.r.IntN(4) == 0 {
		out.Note = []string{"Please leave it with the neighbour.", "请放在门卫处。", "Ring twice."}[l.r.IntN(3)]
	}
	if l.r.IntN(6) == 0 {
		out.Engraving = "for " + strings.Fields(l.Name)[0]
	}
	if i == 0 && l.r.IntN(3) == 0 {
		q := s.script.questions[l.r.IntN(len(s.script.questions))]
		out.Question, out.Answer = q[0], q[1]
	}
	if l.r.IntN(9) == 0 {
		out.Return = "It does not fit."
	}
	return out
}

// dropSchemas removes from PostgreSQL what a demo made there.
func dropSchemas(ctx context.Context, dir string, s state) error {
	data, err := os.ReadFile(filepath.Join(dir, "data.dsn"))
	if err != nil {
		return err
	}
	keys, err := os.ReadFile(filepath.Join(dir, "keys.dsn"))
	if err != nil {
		return err
	}
	inData, inKeys := append([]string{serverSchema}, s.Schemas...), []string{}
	for _, sc := range scripts() {
		inData = append(inData, "avow_"+sc.platform+"_data")
		inKeys = append(inKeys, "avow_"+sc.platform+"_keys")
	}
	if err := shop.DropPostgres(ctx, string(data), inData...); err != nil {
		return err
	}
	return shop.DropPostgres(ctx, string(keys), inKeys...)
}
