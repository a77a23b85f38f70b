package gdprbench_test

import (
	"testing"

	"github.com/avow-dev/avow/internal/bench/gdprbench"
)

func TestTheSameSeedDrawsTheSameOperations(t *testing.T) {
	s := gdprbench.Scale{Records: 10_000}
	for _, r := range gdprbench.Roles() {
		a, b := gdprbench.NewDraw(r, s, 7, s.Records), gdprbench.NewDraw(r, s, 7, s.Records)
		other, same := gdprbench.NewDraw(r, s, 8, s.Records), 0
		for range 1000 {
			x := a.Next()
			if x != b.Next() {
				t.Fatalf("%s: the seed does not decide what is drawn", r)
			}
			if x == other.Next() {
				same++
			}
		}
		if same > 500 {
			t.Errorf("%s: another seed draws the same", r)
		}
	}
}

func TestMixesAreThoseOfThePaper(t *testing.T) {
	const n = 100_000
	for r, want := range map[gdprbench.Role]map[gdprbench.Verb]float64{
		gdprbench.Controller: {gdprbench.Create: .25, gdprbench.Delete: .25, gdprbench.UpdateMetaUser: .5 / 3},
		gdprbench.Customer:   {gdprbench.ReadUser: .2, gdprbench.UpdateData: .2, gdprbench.Delete: .2},
		gdprbench.Processor:  {gdprbench.ReadData: .8, gdprbench.ReadPurpose: .1},
		gdprbench.Regulator:  {gdprbench.ReadMetaUser: .46, gdprbench.ReadLogs: .31, gdprbench.VerifyDeletion: .23},
	} {
		d, seen := gdprbench.NewDraw(r, gdprbench.Scale{Records: 1000}, 1, 1000), map[gdprbench.Verb]float64{}
		for range n {
			seen[d.Next().Verb] += 1.0 / n
		}
		for v, share := range want {
			if got := seen[v]; got < share-.01 || got > share+.01 {
				t.Errorf("%s draws verb %d in %.3f of operations, want %.3f", r, v, got, share)
			}
		}
	}
}

// The most popular of YCSB's keys is asked for once in 26 times, whatever the size.
func TestZipfianKeysAreSkewed(t *testing.T) {
	s := gdprbench.Scale{Records: 100_000}
	d, seen := gdprbench.NewDraw(gdprbench.Customer, s, 3, s.Records), map[int]int{}
	const n = 50_000
	for range n {
		seen[d.Next().Key]++
	}
	most := 0
	for k, times := range seen {
		if k < 0 || k >= s.Records {
			t.Fatalf("key %d is none", k)
		}
		most = max(most, times)
	}
	if share := float64(most) / n; share < .033 || share > .043 {
		t.Errorf("the most popular key has %.4f of all, want 1/26.5", share)
	}
}

func TestDataIsReadBackOnlyWhenItIsWhole(t *testing.T) {
	data := gdprbench.Data(42, 3)
	if len(data) != gdprbench.DataSize {
		t.Fatalf("data has %d bytes", len(data))
	}
	if k, revision, ok := gdprbench.Parse(data); !ok || k != 42 || revision != 3 {
		t.Errorf("Parse = %d, %d, %t", k, revision, ok)
	}
	for i := range data {
		b := []byte(data)
		b[i] ^= 1
		if k, r, ok := gdprbench.Parse(string(b)); ok {
			t.Errorf("byte %d was changed, and it is still read as record %d, revision %d", i, k, r)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(gdprbench.Data(1, 2))
	f.Add("k1.r2.")
	f.Fuzz(func(t *testing.T, data string) {
		if k, r, ok := gdprbench.Parse(data); ok && gdprbench.Data(k, r) != data {
			t.Errorf("%q is read as record %d, revision %d, which it is not", data, k, r)
		}
	})
}

func TestTheOracleKnowsWrongAnswers(t *testing.T) {
	o := gdprbench.NewOracle(gdprbench.Scale{Records: 1000})
	right := func(err error) {
		t.Helper()
		if err != nil {
			t.Errorf("a right answer is called wrong: %v", err)
		}
	}
	wrong := func(err error) {
		t.Helper()
		if err == nil {
			t.Error("a wrong answer is called right")
		}
	}
	reads := func(k int, from int64, revision int) error {
		return o.Reads(k, from, o.Now(), gdprbench.Data(k, revision))
	}
	right(reads(5, 0, 0))
	wrong(o.Reads(5, 0, 0, gdprbench.Data(6, 0)))
	wrong(reads(5, 0, 1))
	wrong(o.Holds(5, 0, 0, false))
	wrong(reads(1500, 0, 0))

	before := o.Now()
	r := o.Begin(gdprbench.UpdateData, 5)
	right(reads(5, before, 0)) // both may be answered while it runs
	right(reads(5, before, 1))
	wrong(o.Reads(5, before, before, gdprbench.Data(5, 1))) // answered before it was sent
	o.Done(gdprbench.UpdateData, 5, r)
	wrong(reads(5, o.Now(), 0))
	right(reads(5, before, 0)) // asked before

	one, two := o.Begin(gdprbench.UpdateData, 6), o.Begin(gdprbench.UpdateData, 6)
	o.Done(gdprbench.UpdateData, 6, two)
	o.Done(gdprbench.UpdateData, 6, one)
	right(reads(6, o.Now(), one)) // they ran at once: either may have been the last
	right(reads(6, o.Now(), two))
	wrong(reads(6, o.Now(), 0))

	before = o.Now()
	o.Begin(gdprbench.Delete, 5)
	right(o.Holds(5, before, o.Now(), false))
	right(o.Holds(5, before, o.Now(), true))
	o.Done(gdprbench.Delete, 5, 0)
	wrong(reads(5, o.Now(), 1))
	right(o.Holds(5, o.Now(), o.Now(), false))

	o.Begin(gdprbench.Create, 1500)
	o.Done(gdprbench.Create, 1500, 0)
	right(reads(1500, o.Now(), 0))
	wrong(o.Holds(1500, o.Now(), o.Now(), false))
}
