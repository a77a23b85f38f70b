package archive

import (
	"slices"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/internal/journal"
)

// A Restore is what somebody asks for. It is decided before anything is loaded.
type Restore struct {
	Platform string
	Data     *Manifest // nil: the data store stays as it is
	Keys     *Manifest // nil: the keys store stays as it is
	Epoch    int64     // that the epoch file holds

	// Journals are the erasure journals of all nodes, as they are now or as they
	// were shipped.
	Journals []*journal.Copy

	// Override names who restores without a journal that goes on from the
	// archive, and answers for people whose erasure is undone by it. "" is
	// nobody: the restore is refused.
	Override string
}

// A Verdict is the leave to restore.
type Verdict struct {
	Replay     []journal.Record // erasures to carry out again before anything is served, oldest first
	Overridden string           // who went on without a journal, for the log; "" when one was there
	Warnings   []string         // for who asked
}

// Decide applies the rules, in this order:
//
//   - The archives are of this platform, and each of its store: else fault.Invalid.
//   - A keys archive is of the epoch that the epoch file holds: else fault.Invalid.
//     Keys of an earlier epoch are dead on purpose (I-7), and nothing overrides it.
//   - The journals go on from every head the archives carry: else fault.Denied,
//     because people whose data was erased since would be back. Override
//     overrides this rule alone, and the verdict says so.
//
// Replay may repeat erasures that the archive already shows; erasing again
// changes nothing.
func (r Restore) Decide() (Verdict, error) {
	if r.Data == nil && r.Keys == nil {
		return Verdict{}, fault.New(fault.Invalid, "nothing is to be restored; name a data archive, a keys archive or both")
	}
	if err := r.own(r.Data, db.Data); err != nil {
		return Verdict{}, err
	}
	if err := r.own(r.Keys, db.Keys); err != nil {
		return Verdict{}, err
	}
	if r.Keys != nil && r.Keys.Epoch != r.Epoch {
		return Verdict{}, fault.New(fault.Invalid, "the keys archive is of epoch %d and the epoch file is of epoch %d: keys archives die with their epoch; use one that was written after the last rotation (back up the keys after each rotation)", r.Keys.Epoch, r.Epoch)
	}
	v := Verdict{Warnings: r.warnings()}
	missing := r.missing()
	switch {
	case missing != nil && r.Override == "":
		return Verdict{}, missing
	case missing != nil:
		v.Overridden = r.Override
		v.Warnings = append(v.Warnings, "Erasures that no journal at hand tells of are undone by this restore. Find out whose, and erase them again.")
	}
	v.Replay = r.replay()
	return v, nil
}

// own refuses an archive of another platform or store.
func (r Restore) own(m *Manifest, store db.Store) error {
	switch {
	case m == nil:
		return nil
	case m.Store != store:
		return fault.New(fault.Invalid, "this is an archive of a %s store, and one of the %s store is wanted; name the right file", m.Store, store)
	case m.Platform != r.Platform:
		return fault.New(fault.Invalid, "the %s archive is of platform %s, not of %s; name the right file", store, m.Platform, r.Platform)
	case len(m.Journals) == 0:
		return fault.New(fault.Invalid, "the %s archive does not say where the erasure journal stood, so nobody can tell which erasures came after it; use another archive", store)
	}
	return nil
}

// missing says what the journals at hand lack, or nil.
func (r Restore) missing() error {
	const remedy = "name the newest copy of every node's journal, or take it upon yourself by name to restore without"
	for _, m := range []*Manifest{r.Data, r.Keys} {
		if m == nil {
			continue
		}
		if len(r.Journals) < len(m.Journals) {
			return fault.New(fault.Denied, "the %s archive was made with %d erasure journals, and %d are at hand; %s", m.Store, len(m.Journals), len(r.Journals), remedy)
		}
		for _, h := range m.Journals {
			if !slices.ContainsFunc(r.Journals, func(c *journal.Copy) bool { return c.Extends(h) }) {
				return fault.New(fault.Denied, "no erasure journal at hand is newer than the %s archive (which was made after %d erasures, and holds none that came later): who was erased since would be back; %s", m.Store, h.Count, remedy)
			}
		}
	}
	return nil
}

// replay returns the records that the older of the archives may not know.
func (r Restore) replay() []journal.Record {
	var out []journal.Record
	for _, c := range r.Journals {
		from := int64(len(c.Records))
		for _, m := range []*Manifest{r.Data, r.Keys} {
			if m != nil {
				from = min(from, known(c, m))
			}
		}
		out = append(out, c.Records[from:]...)
	}
	slices.SortStableFunc(out, func(a, b journal.Record) int { return a.At.Compare(b.At) })
	return out
}

// known returns how many records of a journal were there when the archive was
// made.
func known(c *journal.Copy, m *Manifest) (n int64) {
	for _, h := range m.Journals {
		if c.Extends(h) {
			n = max(n, h.Count)
		}
	}
	return n
}

func (r Restore) warnings() (out []string) {
	if r.Data != nil && r.Keys != nil && r.Keys.At.Before(r.Data.At) {
		out = append(out, "The keys archive is older than the data archive: values collected in between cannot be read and count as erased. Archive the data first and the keys after it.")
	}
	if r.Data == nil {
		out = append(out, "Only keys are restored: values sealed since the archive was made cannot be read and count as erased.")
	}
	return out
}
