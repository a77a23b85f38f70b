package platform

import (
	"context"
	"slices"
	"time"

	"github.com/avow-dev/avow/audit"
	"github.com/avow-dev/avow/device"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/internal/db"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// A Permission is a permission of the policy on one device of a person.
type Permission struct {
	Device   string // as the app calls the installation; never a number of the device itself
	Name     string // as the policy calls it
	Function string // the business function it is asked for or read in
}

// An AskedPermission is a permission that an app asked for, and the answer.
type AskedPermission struct {
	Permission
	Granted bool
	By      Actor
}

// AnswerPermission records that a person was asked for a permission of their
// device, in a function, and what they said. Where the policy pairs the two not, it
// says why, and nothing is recorded but that.
func (p *Platform) AnswerPermission(ctx context.Context, sub subject.ID, a AskedPermission) ([]policy.Refusal, error) {
	if err := device.CheckName("device", a.Device); err != nil {
		return nil, err
	}
	if refusals := p.Policy().MayAsk(a.Name, a.Function); len(refusals) > 0 {
		return refusals, p.permissionDenied(ctx, sub, a.Permission, refusals, a.By)
	}
	said := device.Refused
	if a.Granted {
		said = device.Granted
	}
	d := gate.Duty{
		Kind: audit.PermissionAnswered, Control: policy.PermissionAsked,
		Public:  []audit.Field{audit.Text(audit.TagType, a.Name), audit.Text(audit.TagOutcome, said)},
		Private: []audit.Field{audit.Text(audit.TagDevice, a.Device)},
	}
	if p.Policy().HasFunction(a.Function) {
		d.Public = append(d.Public, audit.Text(audit.TagFunction, a.Function))
	}
	return nil, p.sayPermission(ctx, sub, d, device.Record{Device: a.Device, Permission: a.Name, Said: said, Function: a.Function}, a.By)
}

// RevokePermission records that a person turned a permission of their device off.
// Nothing is read through it any more, and what was open through it is closed.
func (p *Platform) RevokePermission(ctx context.Context, sub subject.ID, of Permission, by Actor) error {
	if err := p.knownPermission(of); err != nil {
		return err
	}
	d := gate.Duty{
		Kind: audit.PermissionOff, Control: policy.PermissionRevoked, Public: []audit.Field{audit.Text(audit.TagType, of.Name)},
		Private: []audit.Field{audit.Text(audit.TagDevice, of.Device)},
	}
	return p.sayPermission(ctx, sub, d, device.Record{Device: of.Device, Permission: of.Name, Said: device.Off}, by)
}

func (p *Platform) sayPermission(ctx context.Context, sub subject.ID, d gate.Duty, r device.Record, by Actor) (err error) {
	if r.ID, err = p.data.Number(ctx, "device"); err != nil {
		return err
	}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		device.Say(act, f.Num, r)
		return nil
	})
}

func (p *Platform) knownPermission(of Permission) error {
	if err := device.CheckName("device", of.Device); err != nil {
		return err
	}
	_, err := p.Policy().Permission(of.Name)
	return err
}

// OpenPermission asks for leave to open what a permission opens, such as a camera or
// a microphone, in a function. Where it is paired with another function, was not
// asked for, was refused or is off, it says why, and the attempt stands in the log.
func (p *Platform) OpenPermission(ctx context.Context, sub subject.ID, of Permission, by Actor) ([]policy.Refusal, error) {
	if err := device.CheckName("device", of.Device); err != nil {
		return nil, err
	}
	f, err := p.facts(ctx, sub)
	if err != nil {
		return nil, err
	}
	for range tries {
		s, err := p.gate.Fresh(ctx, f.Num)
		if err != nil {
			return nil, err
		}
		facts := s.Facts
		err = p.data.Read(ctx, func(r *db.Snapshot) error {
			o, err := device.Standing(ctx, r, f.Num, nil, p.data.Now())
			facts.Permits = o.Permits
			return err
		})
		if err != nil {
			return nil, err
		}
		if refusals := p.Policy().MayRead(of.Name, policy.Seen{Device: of.Device, Function: of.Function}, &facts); len(refusals) > 0 {
			return refusals, p.permissionDenied(ctx, sub, of, refusals, by)
		}
		act := p.data.NewAct()
		act.Require(subject.Row, f.Num, s.Subject.Version)
		device.Open(act, f.Num, device.Reading{Device: of.Device, Permission: of.Name, Function: of.Function})
		e := p.permissionEntry(s.Subject, audit.PermissionOpened, policy.PermissionPaired, of, by)
		if _, err := p.log.Append(ctx, act, e); err != nil {
			return nil, err
		}
		if err := p.data.Commit(ctx, act); !db.Lost(err) {
			return nil, err
		}
	}
	return nil, fault.New(fault.Busy, "this subject's record changes faster than it can be read: try again")
}

// ClosePermission says that what was opened through a permission is closed.
func (p *Platform) ClosePermission(ctx context.Context, sub subject.ID, of Permission, by Actor) error {
	if err := p.knownPermission(of); err != nil {
		return err
	}
	f, err := p.facts(ctx, sub)
	if err != nil {
		return err
	}
	open, err := p.openReading(ctx, f.Num, of)
	if err != nil {
		return err
	}
	of.Function = open.Function
	act := p.data.NewAct()
	device.Close(act, f.Num, of.Device, of.Name)
	if _, err := p.log.Append(ctx, act, p.permissionEntry(f, audit.PermissionClosed, policy.PermissionPaired, of, by)); err != nil {
		return err
	}
	return p.data.Commit(ctx, act)
}

func (p *Platform) openReading(ctx context.Context, num int64, of Permission) (out device.Reading, err error) {
	var list []device.Reading
	err = p.data.Read(ctx, func(r *db.Snapshot) (err error) {
		list, err = device.Readings(ctx, r, num)
		return err
	})
	if err != nil {
		return out, err
	}
	at := slices.IndexFunc(list, func(x device.Reading) bool { return x.Device == of.Device && x.Permission == of.Name })
	if at < 0 {
		return out, fault.New(fault.Conflict, "nothing is open through the permission %s on that device", of.Name)
	}
	return list[at], nil
}

// permissionDenied writes down that a permission was neither asked for nor read
// through. It holds whatever becomes of the person meanwhile.
func (p *Platform) permissionDenied(ctx context.Context, sub subject.ID, of Permission, refusals []policy.Refusal, by Actor) error {
	f, err := p.facts(ctx, sub)
	if err != nil {
		return err
	}
	e := p.permissionEntry(f, audit.PermissionDenied, refusals[0].Control, of, by)
	for _, r := range refusals {
		e.Public = append(e.Public, audit.Text(audit.TagReason, r.Code))
		e.Also = append(e.Also, r.Control)
	}
	act := p.data.NewAct()
	if _, err := p.log.Append(ctx, act, e); err != nil {
		return err
	}
	return p.data.Commit(ctx, act)
}

// permissionEntry is an entry about a permission. A name that the policy does not
// know may hold anything, and is not written out.
func (p *Platform) permissionEntry(f subject.Facts, kind audit.Kind, c policy.Control, of Permission, by Actor) audit.Entry {
	name := of.Name
	if _, err := p.Policy().Permission(name); err != nil {
		name = "undeclared"
	}
	e := audit.Entry{
		Kind: kind, Control: c, Subject: f.Num, SubjectID: string(f.ID), Key: f.LogKey,
		Public:  []audit.Field{audit.Num(audit.TagPolicy, p.Version().Num), audit.Text(audit.TagType, name)},
		Private: []audit.Field{audit.Text(audit.TagDevice, of.Device)},
	}
	if p.Policy().HasFunction(of.Function) {
		e.Public = append(e.Public, audit.Text(audit.TagFunction, of.Function))
	}
	if by.ID != "" {
		e.Private = append(e.Private, audit.Text(audit.TagActor, by.ID))
	}
	return e
}

// LeaveSession says that a person stopped using the service: nothing more is
// observed in that session.
func (p *Platform) LeaveSession(ctx context.Context, sub subject.ID, session string, by Actor) error {
	if err := device.CheckName("session", session); err != nil {
		return err
	}
	d := gate.Duty{Kind: audit.SessionLeft, Control: policy.CollectInUse, Private: []audit.Field{audit.Text(audit.TagSession, session)}}
	return p.change(ctx, sub, by, d, func(act *db.Act, f subject.Facts) error {
		device.Leave(act, f.Num, session)
		return nil
	})
}

// A PermissionState is how a permission stands on one device of a person, with all
// that became of it.
type PermissionState struct {
	Device     string        `json:"device"`
	Permission string        `json:"permission"`
	State      device.Said   `json:"state"`
	Function   string        `json:"function,omitempty"` // in which it was last asked for
	Asked      time.Time     `json:"asked"`              // when it was first asked for
	Since      time.Time     `json:"since"`              // when it came to stand so
	Open       *time.Time    `json:"open,omitempty"`     // since when something is open through it
	History    []DevicesSaid `json:"history"`
}

// A DevicesSaid is one thing that became of a permission.
type DevicesSaid struct {
	At       time.Time   `json:"at"`
	Said     device.Said `json:"said"`
	Function string      `json:"function,omitempty"`
}

// Permissions returns how the permissions of a person's devices stand, in the order
// in which they were first asked for.
func (p *Platform) Permissions(ctx context.Context, sub subject.ID) ([]PermissionState, error) {
	var (
		records []device.Record
		open    []device.Reading
	)
	err := p.about(ctx, sub, func(r db.Reader, num int64) (err error) {
		if records, err = device.History(ctx, r, num); err != nil {
			return err
		}
		open, err = device.Readings(ctx, r, num)
		return err
	})
	out := []PermissionState{}
	for _, r := range records {
		at := slices.IndexFunc(out, func(x PermissionState) bool { return x.Device == r.Device && x.Permission == r.Permission })
		if at < 0 {
			out, at = append(out, PermissionState{Device: r.Device, Permission: r.Permission, Asked: r.At}), len(out)
		}
		x := &out[at]
		x.State, x.Since, x.History = r.Said, r.At, append(x.History, DevicesSaid{r.At, r.Said, r.Function})
		if r.Function != "" {
			x.Function = r.Function
		}
	}
	for _, r := range open {
		for i := range out {
			if out[i].Device == r.Device && out[i].Permission == r.Permission {
				out[i].Open = &r.Since
			}
		}
	}
	return out, err
}
