package gdprbench

import (
	"math"
	"math/rand/v2"
)

// A Role is who asks.
type Role string

// The roles.
const (
	Controller Role = "controller"
	Customer   Role = "customer"
	Processor  Role = "processor"
	Regulator  Role = "regulator"
)

// Roles lists the roles in the order in which they run on one store: what a
// customer objects to a processor may no longer read.
func Roles() []Role { return []Role{Controller, Regulator, Processor, Customer} }

// A Verb is what is asked.
type Verb int

// The verbs, with the articles of the GDPR that they stand for.
const (
	Create            Verb = iota // CREATE-RECORD (Art. 24)
	Delete                        // DELETE-RECORD-BY-KEY (Art. 17)
	UpdateMetaPurpose             // UPDATE-METADATA-BY-PUR (Art. 13(3))
	UpdateMetaUser                // UPDATE-METADATA-BY-USR (Art. 18(1), 21)
	UpdateMetaSharing             // UPDATE-METADATA-BY-SHR (Art. 13(3))
	UpdateMeta                    // UPDATE-METADATA-BY-KEY (Art. 21)
	UpdateData                    // UPDATE-DATA-BY-KEY (Art. 16)
	ReadUser                      // READ-DATA-BY-USR (Art. 20)
	ReadData                      // READ-DATA-BY-KEY (Art. 28)
	ReadPurpose                   // READ-DATA-BY-PUR (Art. 28)
	ReadObjection                 // READ-DATA-BY-OBJ (Art. 21(3))
	ReadMeta                      // READ-METADATA-BY-KEY (Art. 15)
	ReadMetaUser                  // READ-METADATA-BY-USR (Art. 31)
	ReadLogs                      // GET-SYSTEM-LOGS (Art. 33)
	VerifyDeletion                // VERIFY-DELETION (Art. 17)
)

// String returns the name of a verb, in short.
func (v Verb) String() string {
	return [...]string{
		"create", "delete", "update-metadata-by-purpose", "update-metadata-by-user", "update-metadata-by-sharing", "update-metadata", "update-data",
		"read-data-by-user", "read-data", "read-data-by-purpose", "read-data-by-objection", "read-metadata", "read-metadata-by-user", "read-logs", "verify-deletion",
	}[v]
}

// An Op is one operation.
type Op struct {
	Verb  Verb
	Key   int
	Field Field // of bulk updates
	Value int   // that they write
	Limit int   // of logs
}

type share struct {
	verb    Verb
	percent float64
	zipf    bool
}

// mixes are the shares of each role, in per cent.
func mixes(r Role) []share {
	switch r {
	case Controller:
		third := 50.0 / 3
		return []share{{Create, 25, false}, {Delete, 25, false}, {UpdateMetaPurpose, third, false}, {UpdateMetaUser, third, false}, {UpdateMetaSharing, third, false}}
	case Customer:
		return []share{{ReadUser, 20, true}, {ReadMeta, 20, true}, {UpdateData, 20, true}, {UpdateMeta, 20, true}, {Delete, 20, true}}
	case Processor:
		return []share{{ReadData, 80, true}, {ReadPurpose, 10, false}, {ReadObjection, 10, false}}
	case Regulator:
		return []share{{ReadMetaUser, 46, true}, {ReadLogs, 31, true}, {VerifyDeletion, 23, true}}
	}
	return nil
}

// A Draw draws the operations of one role. It belongs to one goroutine.
type Draw struct {
	scale Scale
	mix   []share
	rng   *rand.Rand
	next  int // record that is created next
}

// NewDraw returns the operations of a role, the same for the same seed. next is the
// number of the first record that is created.
func NewDraw(r Role, s Scale, seed uint64, next int) *Draw {
	return &Draw{scale: s, mix: mixes(r), rng: rand.New(rand.NewPCG(seed, uint64(s.Records))), next: next}
}

// Next returns the next operation.
func (d *Draw) Next() Op {
	at, s := d.rng.Float64()*100, d.mix[0]
	for _, s = range d.mix {
		if at -= s.percent; at < 0 {
			break
		}
	}
	o := Op{Verb: s.verb, Key: d.rng.IntN(d.scale.Records)}
	if s.zipf {
		o.Key = scrambled(d.rng.Float64(), d.scale.Records)
	}
	switch s.verb {
	case Create:
		o.Key = d.next
		d.next++
	case UpdateMetaPurpose, UpdateMetaSharing:
		o.Field = Field(d.rng.IntN(int(fields)))
		o.Value = o.Field.Value(d.rng.IntN(d.scale.Records))
	case ReadLogs:
		o.Limit = 1 + d.rng.IntN(1000)
	}
	return o
}

// Created returns the number of the record that would be created next.
func (d *Draw) Created() int { return d.next }

// The constants of YCSB's scrambled zipfian distribution (Cooper et al., SoCC 2010;
// Gray et al., SIGMOD 1994): skew, number of items, and the zeta of both.
const (
	theta = 0.99
	items = 1e10
	zetaN = 26.46902820178302
)

// scrambled returns one of n keys for a number drawn uniformly from [0, 1).
func scrambled(u float64, n int) int {
	zeta2 := 1 + math.Pow(0.5, theta)
	var rank uint64
	switch uz := u * zetaN; {
	case uz < 1:
	case uz < zeta2:
		rank = 1
	default:
		eta := (1 - math.Pow(2/items, 1-theta)) / (1 - zeta2/zetaN)
		rank = uint64(items * math.Pow(eta*u-eta+1, 1/(1-theta)))
	}
	h := uint64(0xcbf29ce484222325) // FNV-1a
	for range 8 {
		h = (h ^ rank&0xff) * 0x100000001b3
		rank >>= 8
	}
	return int(h % uint64(n))
}
