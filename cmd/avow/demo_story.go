package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/avow-dev/avow"
	"github.com/avow-dev/avow/examples/shop"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/plan"
	"github.com/avow-dev/avow/policy"
)

// crowd registers everybody in the vault, through the library, many at once.
func (d *story) crowd(ctx context.Context) error {
	d.say("The app's users register: every value is checked against the policy, sealed under a key of its own class, and logged.")
	a := d.child(io.Discard, nil)
	s, err := a.openHere(ctx)
	if err != nil {
		return err
	}
	p, err := s.Platform("")
	if err != nil {
		return errors.Join(err, s.Close())
	}
	bar := d.app.progress("people")
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(64)
	for i, c := range d.shop {
		g.Go(func() error { return register(gctx, p, c) })
		bar(i+1, len(d.shop))
	}
	if err := errors.Join(g.Wait(), s.Close()); err != nil {
		return err
	}
	d.say("%d people registered, who agreed to nothing but the service itself.", len(d.shop))
	return nil
}

func register(ctx context.Context, p *avow.Platform, c shop.Customer) error {
	given := []policy.Given{
		{Item: "account.email", Value: c.Email, Voluntary: true},
		{Item: "account.phone", Value: c.Phone, Voluntary: true},
		{Item: "account.nickname", Value: c.Nickname, Voluntary: true},
	}
	id, refusals, err := p.Register(ctx, avow.Registration{Accepted: true, Adult: true, Point: "registration", Given: given})
	if err == nil && len(refusals) > 0 {
		err = fault.New(fault.Internal, "a registration of the demo was refused: %s", refusals[0].Text)
	}
	if err != nil {
		return err
	}
	refusals, err = p.Collect(ctx, id, "web", []policy.Given{{Item: "order.history", Value: "app order of " + c.Nickname, Voluntary: true}}, avow.Actor{})
	if err == nil && len(refusals) > 0 {
		err = fault.New(fault.Internal, "an order of the demo was refused: %s", refusals[0].Text)
	}
	return err
}

func (d *story) find(ctx context.Context) (string, error) {
	return d.quiet(ctx, "subject", "find", "email="+d.lin.Email)
}

func (d *story) uses(ctx context.Context) error {
	d.say("Somebody in the middle of the crowd. What is on record, without any value:")
	id, err := d.find(ctx)
	if err != nil {
		return err
	}
	if _, err := d.run(ctx, exitOK, "subject", "show", id); err != nil {
		return err
	}
	d.say("An order needs an address to write to: the contract is the ground, and the use is allowed and logged.")
	if _, err := d.run(ctx, exitOK, "use", id, "--for", "orders", "--ref", "order:ord_1", "account.email"); err != nil {
		return err
	}
	d.say("A push message has no such ground: the use is denied, with every reason and its place in the policy file.")
	if _, err := d.run(ctx, exitDenied, "use", id, "--for", "push", "account.email", "account.phone"); err != nil {
		return err
	}
	d.say("A value that the policy does not declare, or one it never takes, is not stored.")
	_, err = d.run(ctx, exitDenied, "collect", id, "--at", "web", "order.history=card 4111 1111 1111 1111", "account.shoe-size=43")
	return err
}

func (d *story) withdrawal(ctx context.Context) error {
	id, err := d.find(ctx)
	if err != nil {
		return err
	}
	d.say("The person says yes to push messages, and takes it back: the next use is denied.")
	for _, step := range []struct {
		code int
		args []string
	}{
		{exitOK, []string{"consent", "give", id, "push", "--channel", "settings", "--explicit"}},
		{exitOK, []string{"use", id, "--for", "push", "account.email"}},
		{exitOK, []string{"consent", "withdraw", id, "push", "--channel", "settings"}},
		{exitDenied, []string{"use", id, "--for", "push", "account.email"}},
	} {
		if _, err := d.run(ctx, step.code, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// ask takes a request from its beginning to the approved plan.
func (d *story) ask(ctx context.Context, right string) (string, error) {
	id, err := d.run(ctx, exitOK, "request", "new", right, "email="+d.lin.Email, "--channel", "support", "--as", "mei", "--verified-by", "identifier-code")
	if err != nil {
		return "", err
	}
	if _, err := d.run(ctx, exitOK, "request", "plan", id, "--as", "mei"); err != nil {
		return "", err
	}
	planned, err := d.quiet(ctx, "request", "show", id, "--json")
	if err != nil {
		return "", err
	}
	var view struct {
		Plan plan.Public `json:"plan"`
	}
	if err := json.Unmarshal([]byte(planned), &view); err != nil {
		return "", err
	}
	if _, err := d.run(ctx, exitDenied, "request", "approve", id, "--plan", view.Plan.Hash, "--as", "mei"); err != nil {
		return "", err
	}
	_, err = d.run(ctx, exitOK, "request", "approve", id, "--plan", view.Plan.Hash, "--as", "jun")
	return id, err
}

func (d *story) access(ctx context.Context) error {
	d.say("The person asks what the company holds: in the vault, and in the shop. Who planned it cannot approve it.")
	id, err := d.ask(ctx, "access")
	if err != nil {
		return err
	}
	if _, err := d.run(ctx, exitOK, "request", "run", id); err != nil {
		return err
	}
	if _, err := d.run(ctx, exitOK, "request", "deliver", id, "--out", "access.zip", "--as", "jun"); err != nil {
		return err
	}
	return d.checkPackage()
}

// checkPackage looks for every value of the person, and for values of
// everybody else.
func (d *story) checkPackage() error {
	data, err := packageData(filepath.Join(d.dir, "access.zip"))
	if err != nil {
		return err
	}
	mine, others := 0, 0
	for _, c := range d.shop {
		for _, v := range append([]string{c.Email, c.Phone}, c.Values...) {
			if !strings.Contains(data, jsonText(v)) {
				continue
			}
			if c.ID == d.lin.ID {
				mine++
			} else {
				others++
			}
		}
	}
	want := 2 + len(d.lin.Values)
	d.say("The package holds %d of the person's %d values, and %d values of the other %d people.", mine, want, others, len(d.shop)-1)
	if mine != want || others != 0 {
		return fault.New(fault.Internal, "the access package is not what it should be")
	}
	return nil
}

func packageData(file string) (string, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return "", err
	}
	defer z.Close()
	f, err := z.Open("data.json")
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	return string(b), err
}

// jsonText returns a value as JSON writes it, without the quotes.
func jsonText(v string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(v)
	return strings.Trim(b.String(), "\"\n")
}

func (d *story) erasure(ctx context.Context) error {
	d.say("Then the person asks to be erased. The plan counts every row, and says what the law has the company keep, and until when.")
	id, err := d.ask(ctx, "erasure")
	if err != nil {
		return err
	}
	if _, err := d.run(ctx, exitOK, "request", "run", id); err != nil {
		return err
	}
	d.say("Nothing answers to the person any more but the books that the law keeps, and those only to the law.")
	if _, err := d.run(ctx, exitOK, "request", "receipt", id, "--out", "receipt.json"); err != nil {
		return err
	}
	d.say("The next epoch: old copies of the destroyed keys, in backups or logs of the key store, open nothing from here on.")
	_, err = d.run(ctx, exitOK, "keys", "epoch")
	return err
}

func (d *story) proof(ctx context.Context) error {
	key, err := d.quiet(ctx, "audit", "key")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(d.dir, "log.pub"), []byte(key+"\n"), 0o600); err != nil {
		return err
	}
	d.say("Anybody can verify the receipt, offline, with the log's public key. And the whole log, against the receipt they keep.")
	if _, err := d.run(ctx, exitOK, "receipt", "verify", "receipt.json", "--key", "log.pub"); err != nil {
		return err
	}
	_, err = d.run(ctx, exitOK, "audit", "verify", "--state", "--trusted", "receipt.json")
	return err
}

// tampering changes one byte of the receipt, and one of the log.
func (d *story) tampering(ctx context.Context) error {
	d.say("One changed byte in the receipt, and it is refused.")
	file := filepath.Join(d.dir, "receipt.json")
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	forged := bytes.Replace(b, []byte(`"done": `), []byte(`"done":  `), 1)
	if bytes.Equal(forged, b) {
		forged = bytes.Replace(b, []byte(`"done":`), []byte(`"done" :`), 1)
	}
	if err := os.WriteFile(filepath.Join(d.dir, "forged.json"), forged, 0o600); err != nil {
		return err
	}
	if _, err := d.run(ctx, exitFalse, "receipt", "verify", "forged.json", "--key", "log.pub"); err != nil {
		return err
	}
	if d.postgres != "" {
		return nil // whoever can write into the server's files is not played here
	}
	d.say("One changed byte of the log, in the middle of the database file, and the entry is named.")
	if err := flipEntry(filepath.Join(d.dir, "data", "goscom-pro.data.db"), b); err != nil {
		return err
	}
	if _, err := d.run(ctx, exitFalse, "audit", "verify"); err != nil {
		return err
	}
	return flipEntry(filepath.Join(d.dir, "data", "goscom-pro.data.db"), b)
}

// flipEntry changes one bit of the entry that a receipt's proof shows, where it
// stands in the database file. Doing it twice puts it right again.
func flipEntry(file string, receipt []byte) error {
	var r struct {
		Proof struct {
			Entry []byte `json:"entry"`
		} `json:"proof"`
	}
	if err := json.Unmarshal(receipt, &r); err != nil {
		return err
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	// The salt begins after version, kind and time; the rest stays findable.
	tail := r.Proof.Entry[len(r.Proof.Entry)/2:]
	at := bytes.Index(whole, tail)
	if len(tail) < 8 || at < 1 {
		return fault.New(fault.Internal, "the entry was not found in %s", filepath.Base(file))
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt([]byte{whole[at-1] ^ 1}, int64(at-1))
	return errors.Join(err, f.Close())
}
