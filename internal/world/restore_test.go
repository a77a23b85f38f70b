package world_test

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/internal/world"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
	"github.com/avow-dev/avow/subject"
)

// gone checks that an erased person cannot be had in a restored place, and that
// the other is as before.
func gone(r *world.World, erased, other *world.Person, phone string) {
	r.Helper()
	r.Open()
	if !r.Nobody("phone", phone) {
		r.Error("after the restore an erased number finds somebody")
	}
	answer := r.Use(world.Ask(erased.ID, "orders", "account.email", "account.phone", "order.address"))
	if answer.Decision.Allowed || len(answer.Values) > 0 {
		r.Error("after the restore an erased person is used")
	}
	v, err := r.P.Profile(context.Background(), erased.ID)
	r.Must(err)
	if v.State != subject.Erased {
		r.Errorf("after the restore the person is %s, want erased", v.State)
	}
	if got := r.Allowed(other, "orders", "account.email"); !slices.Equal(got, []string{other.Email()}) {
		r.Error("after the restore somebody else's value is not there")
	}
	r.CheckRestored()
}

// An old archive of the data, with everything that is current, brings nobody
// back; nor does an archive of the keys of the same epoch.
func TestAnOldBackupBringsNobodyBack(t *testing.T) {
	world.Each(t, world.Options{People: 3}, func(w *world.World) {
		lin, ann, joe := w.People[0], w.People[1], w.People[2]
		phone := lin.Marker("account.phone").Value
		w.Allowed(lin, "orders", "account.email")
		archives := w.Backup("old")
		old, err := os.ReadFile(w.Journal())
		w.Must(err)
		w.Clock.Add(time.Hour)
		w.Erase(lin, avow.Erasure{Everything: true, By: self()})
		w.Erase(ann, avow.Erasure{Item: "account.nickname", By: self()})
		w.Close()
		defer w.Open()

		r := w.Elsewhere("keys-as-they-are", false)
		done, err := r.Restore(avow.Restoring{Archives: avow.Archives{Data: archives.Data}})
		w.Must(err)
		if done.Again == 0 {
			w.Error("no erasure was carried out again")
		}
		gone(r, lin, joe, phone)

		r = w.Elsewhere("keys-of-the-same-epoch", true)
		_, err = r.Restore(avow.Restoring{Archives: archives})
		w.Must(err)
		gone(r, lin, joe, phone)

		refused(w, archives, old)
	})
}

// refused checks the restores that would bring people back.
func refused(w *world.World, archives avow.Archives, old []byte) {
	w.Helper()
	r := w.Elsewhere("no-journal", true)
	w.Must(os.Remove(r.Journal()))
	if _, err := r.Restore(avow.Restoring{Archives: archives}); fault.Of(err) != fault.Denied {
		w.Errorf("a restore without a journal: %v, want denied", err)
	}
	r = w.Elsewhere("older-journal", true)
	w.Must(os.WriteFile(r.Journal(), old[:len(old)/2], 0o600))
	if _, err := r.Restore(avow.Restoring{Archives: archives}); err == nil {
		w.Error("a restore with a journal that was cut off was allowed")
	}
	r = w.Elsewhere("override", true)
	w.Must(os.Remove(r.Journal()))
	done, err := r.Restore(avow.Restoring{Archives: archives, Override: "Jun"})
	w.Must(err)
	if len(done.Warnings) == 0 {
		w.Error("a restore without a journal warns of nothing")
	}
	r.Open()
	entries, err := r.P.Entries(context.Background(), audit.Filter{Kind: audit.Restored, Limit: 10})
	w.Must(err)
	if len(entries) != 1 || entries[0].Public.Text(audit.TagReason) != "without-journal" {
		w.Errorf("the log does not say that somebody restored without a journal: %v", entries)
	}
	r.Close()
}

// A package that waited when the archive was made, of somebody who was erased since,
// is nowhere after the restore: keys and spools come back with the archives.
func TestAnOldBackupBringsNoPackageBack(t *testing.T) {
	world.Each(t, world.Options{People: 2}, func(w *world.World) {
		lin := w.People[0]
		id, _ := w.Approved(world.Asked(policy.Access, lin.Email()))
		if v := w.Finish(id); v.State != rights.VerifiedAfter {
			w.Fatalf("the package is %s, want one that waits", v.State)
		}
		archives := w.Backup("with-a-package")
		w.Clock.Add(time.Hour)
		w.Erase(lin, avow.Erasure{Everything: true, By: self()})
		w.Close()
		defer w.Open()
		r := w.Elsewhere("keys-of-the-same-epoch", true)
		_, err := r.Restore(avow.Restoring{Archives: archives})
		w.Must(err)
		r.Open()
		v, err := r.P.Requests().Show(context.Background(), id)
		r.Must(err)
		if v.KeyEnded == nil || v.State != rights.Expired {
			r.Errorf("after the restore the package is %s, and its key lives: %v", v.State, v.KeyEnded == nil)
		}
		if err := r.P.Requests().Deliver(context.Background(), id, r.Officer(), io.Discard); err == nil {
			r.Error("after the restore the package of somebody erased is handed out")
		}
		r.Close()
	})
}

// A journal that is older than the archive knows nothing of later erasures.
func TestAJournalFromBeforeTheArchiveIsRefused(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		w.Erase(w.People[0], avow.Erasure{Item: "account.nickname", By: self()})
		early, err := os.ReadFile(w.Journal())
		w.Must(err)
		w.Erase(w.People[1], avow.Erasure{Item: "account.nickname", By: self()})
		archives := w.Backup("later")
		w.Close()
		defer w.Open()
		r := w.Elsewhere("early-journal", true)
		w.Must(os.WriteFile(r.Journal(), early, 0o600))
		if _, err := r.Restore(avow.Restoring{Archives: archives}); fault.Of(err) != fault.Denied {
			w.Errorf("a journal older than the archive: %v, want denied", err)
		}
	})
}

// After an epoch the keys that an archive holds are dead, whatever is at hand.
func TestKeysOfAnEarlierEpochAreRefused(t *testing.T) {
	world.Each(t, two(), func(w *world.World) {
		archives := w.Backup("epoch-one")
		w.Clock.Add(time.Minute)
		_, err := w.P.MoveEpoch(context.Background(), func(int, int) {})
		w.Must(err)
		w.Close()
		defer w.Open()
		r := w.Elsewhere("later", true)
		_, err = r.Restore(avow.Restoring{Archives: archives, Override: "Jun"})
		if fault.Of(err) != fault.Invalid || !strings.Contains(err.Error(), "archive is of epoch 1") {
			w.Errorf("keys of an earlier epoch: %v, want invalid", err)
		}
	})
}
