package bench

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/avow-dev/avow/consent"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// details are the short values that everybody in these benches has beside e-mail
// and telephone: eleven in all, two of them identifiers.
const details = 9

func detailed(t testing.TB) string {
	var items string
	for i := range details {
		items += fmt.Sprintf("  detail.d%d: {title: %s, category: user.content, type: text, source: given, at: [registration], purposes: [account], keep: account}\n", i, title("Detail"))
	}
	return base(t, map[string]string{"items": items})
}

// A town is a platform that people move to.
type town struct {
	*bed
	people []subject.ID
	rng    *rand.Rand
}

func newTown(b *testing.B, e db.Engine) *town {
	return &town{bed: newBed(b, e, nil, detailed(b)), rng: rand.New(rand.NewPCG(1, 2))}
}

func (w *town) register(i int) (subject.ID, error) {
	given := []policy.Given{
		{Item: "account.email", Value: fmt.Sprintf("p%d@example.org", i), Voluntary: true},
		{Item: "account.phone", Value: fmt.Sprintf("+49 30 9%07d", i), Voluntary: true},
	}
	for d := range details {
		given = append(given, policy.Given{Item: fmt.Sprintf("detail.d%d", d), Value: fmt.Sprintf("value %d %d", d, i), Voluntary: true})
	}
	id, refusals, err := w.platform().Register(w.Context(), platform.Registration{Accepted: true, Adult: true, Point: "registration", Given: given})
	if len(refusals) > 0 {
		err = fmt.Errorf("registration refused: %v", refusals)
	}
	return id, err
}

// grow registers people until there are n.
func (w *town) grow(n int) {
	from := len(w.people)
	w.people = append(w.people, make([]subject.ID, n-from)...)
	crowd(w, 64, n-from, func(i int) (err error) {
		w.people[from+i], err = w.register(from + i)
		return err
	})
}

// agree gives everybody from a number on a consent, without the entries of its
// own that [platform.Platform.Choose] would leave: what counts here is the ledger.
func (w *town) agree(from int) {
	news, err := w.platform().Policy().Purpose("news")
	w.must(err)
	const some = 500
	for at := from; at < len(w.people); at += some {
		people := w.people[at:min(at+some, len(w.people))]
		nums, ids := make([]int64, len(people)), make([]int64, len(people))
		for i, id := range people {
			nums[i], err = w.parts.Gate.Number(w.Context(), id)
			w.must(err)
			ids[i], err = w.data.Number(w.Context(), "consent")
			w.must(err)
		}
		w.must(w.data.Bulk(w.Context(), func(tx *db.Tx) error {
			for i, num := range nums {
				consent.Add(tx, num, consent.Record{ID: ids[i], Turn: 1, Kind: consent.Consent, Purpose: news.No, Given: true, Explicit: true, Policy: w.platform().Policy().Version(), Channel: "settings"})
			}
			return nil
		}))
	}
}

func (w *town) anybody() subject.ID { return w.people[w.rng.IntN(len(w.people))] }

// BenchmarkPeople grows one store and asks, at each size, what the acts of one
// person cost when nobody else asks, and how many uses a second 64 callers get:
// none of it may depend on how many people there are.
func BenchmarkPeople(b *testing.B) {
	for _, e := range engines() {
		sizes := []int{1_000, 10_000}
		if full() {
			sizes = []int{1_000, 10_000, 100_000}
		}
		if full() && e == db.SQLite {
			sizes = append(sizes, 1_000_000)
		}
		b.Run(string(e), func(b *testing.B) {
			w := newTown(b, e)
			for _, n := range sizes {
				before, from, at := w.size(), len(w.people), time.Now()
				w.grow(n)
				took := time.Since(at)
				grown := w.size() - before
				w.agree(from)
				say(b, "%d people after another %s", n, took.Round(time.Second))
				b.Run(fmt.Sprint(n), func(b *testing.B) {
					b.ReportMetric(float64(n-from)/took.Seconds(), "registered/s")
					b.ReportMetric(float64(grown)/float64(n-from), "B/person")
					w.acts(b)
				})
			}
			w.stop()
		})
	}
}

// acts measures what one person's acts cost.
func (w *town) acts(b *testing.B) {
	const n = 200
	ctx, p := w.Context(), w.platform()
	one := func(name string, fn func(i int) error) {
		before := cpu()
		times := crowd(b, 1, n, fn)
		b.ReportMetric(ms(times[n/2]), name+"-p50-ms")
		b.ReportMetric(ms(times[n*99/100]), name+"-p99-ms")
		b.ReportMetric(float64((cpu()-before).Microseconds())/n, name+"-cpu-µs")
	}
	use := func(id subject.ID) error {
		a, err := p.Use(ctx, platform.Use{Subject: id, Items: []string{"account.email"}, Purpose: "account"})
		if err == nil && !a.Decision.Allowed {
			err = fmt.Errorf("denied: %v", a.Decision.Reasons)
		}
		return err
	}
	ids := make([]subject.ID, 4000)
	for i := range ids {
		ids[i] = w.anybody()
	}
	one("use", func(i int) error { return use(ids[i]) })
	one("consent", func(i int) error {
		return p.Choose(ctx, ids[i], platform.Choice{Kind: consent.Consent, Purpose: "news", Given: i%2 == 0, Explicit: true, Channel: "settings", By: platform.Self(ids[i])})
	})
	one("correct", func(i int) error {
		return p.Correct(ctx, ids[i], "detail.d1", platform.NewPersonal(fmt.Sprintf("other %d", i)), platform.Self(ids[i]))
	})
	one("find", func(i int) error {
		found, err := p.Find(ctx, "email", platform.NewPersonal(fmt.Sprintf("p%d@example.org", w.rng.IntN(len(w.people)))))
		if err == nil && len(found) > 1 {
			err = fmt.Errorf("%d people have one address", len(found))
		}
		return err
	})
	at := time.Now()
	crowd(b, 64, len(ids), func(i int) error { return use(ids[i]) })
	b.ReportMetric(float64(len(ids))/time.Since(at).Seconds(), "uses/s")
	// Those who are erased are others each time, and somebody else takes their place.
	one("erase", func(i int) error {
		last := len(w.people) - 1 - i
		_, err := p.Erase(ctx, w.people[last], platform.Erasure{Everything: true, By: platform.Self(w.people[last])})
		return err
	})
	for i := range n {
		last := len(w.people) - 1 - i
		id, err := w.register(last)
		w.must(err)
		w.people[last] = id
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkUseBytes says how many bytes a use leaves on disk.
func BenchmarkUseBytes(b *testing.B) {
	for _, e := range engines() {
		b.Run(string(e), func(b *testing.B) {
			w := newTown(b, e)
			w.grow(1000)
			n := 5_000
			if full() {
				n = 50_000
			}
			before := w.size()
			crowd(b, 64, n, func(i int) error {
				_, err := w.platform().Use(w.Context(), platform.Use{Subject: w.people[i%len(w.people)], Items: []string{"account.email"}, Purpose: "account"})
				return err
			})
			b.ReportMetric(float64(w.size()-before)/float64(n), "B/use")
			b.ReportMetric(0, "ns/op")
			w.stop()
		})
	}
}

// BenchmarkDecideInMemory decides about somebody whose facts are in memory, of
// many people drawn uniformly, as the gate does it: finding the facts, and the
// policy.
func BenchmarkDecideInMemory(b *testing.B) {
	sizes := []int{10_000}
	if full() {
		sizes = []int{10_000, 1_000_000}
	}
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := newTown(b, db.SQLite)
			w.stop()
			g, err := gate.New(gate.Config{Data: w.data, Keys: w.parts.Keys, Log: w.parts.Log, InForce: w.version.Load, Remembered: n})
			w.must(err)
			w.newcomers(n)
			say(b, "%d people", n)
			crowd(b, 2, n, func(i int) error {
				_, err := g.State(b.Context(), int64(i)+1)
				return err
			})
			account, err := w.platform().Policy().Purpose("account")
			w.must(err)
			email, err := w.platform().Policy().Item("account.email")
			w.must(err)
			u := &policy.Use{Purpose: account.No, Items: []policy.ItemNo{email.No}}
			at := make([]int64, 1<<16)
			for i := range at {
				at[i] = 1 + w.rng.Int64N(int64(n))
			}
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				u.Subject = at[i&(1<<16-1)]
				d, err := g.Decide(b.Context(), u)
				if err != nil || !d.Allowed {
					b.Fatal(err, d.Reasons)
				}
				i++
			}
		})
	}
}

// newcomers puts n people on record who have given nothing, without entries, from
// number 1 on.
func (w *town) newcomers(n int) {
	const some = 1000
	for at := 0; at < n; at += some {
		w.must(w.data.Bulk(w.Context(), func(tx *db.Tx) error {
			for i := at; i < min(at+some, n); i++ {
				subject.Register(tx, subject.New{Num: int64(i) + 1, ID: subject.NewID(), Kind: subject.Natural, Age: subject.Adult, Accepted: w.platform().Policy().Version(), LogKey: 1})
			}
			return nil
		}))
	}
}
