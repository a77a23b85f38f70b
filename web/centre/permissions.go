package centre

import (
	"time"

	"github.com/avow-dev/avow/device"
	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/page"
	"github.com/avow-dev/avow/platform"
)

// A permission is one of the policy's, with how it stands on each of a person's
// devices.
type permission struct {
	Name, Title, Function, Reads string
	Path, Without                string
	Devices                      []onDevice
}

// onDevice is how a permission stands on one device.
type onDevice struct {
	Device       string
	State        string // for people
	On           bool
	Asked, Since time.Time
	Open         *time.Time // since when something is open through it
}

// permissions lists what the app may read on a person's devices, for their choices.
func (c *Centre) permissions(v *visit, p *choicesPage) error {
	if len(p.p.Permissions()) == 0 {
		return nil
	}
	list, err := c.on.Permissions(v.ctx(), v.sub)
	if err != nil {
		return err
	}
	for _, x := range p.p.Permissions() {
		row := permission{
			Name: x.Name, Title: page.Title(x.Title, x.Name, p.Lang), Function: x.Function.In(p.Lang), Reads: p.items(x.Items),
			Path: x.Path.In(p.Lang), Without: x.Without.In(p.Lang),
		}
		for _, s := range list {
			if s.Permission == x.Name {
				row.Devices = append(row.Devices, p.onDevice(s))
			}
		}
		p.Permissions = append(p.Permissions, row)
	}
	return nil
}

func (p *choicesPage) onDevice(s platform.PermissionState) onDevice {
	said := map[device.Said]string{device.Granted: p.T.DeviceYes, device.Refused: p.T.DeviceNo, device.Off: p.T.DeviceOff}
	return onDevice{Device: s.Device, State: said[s.State], On: s.State == device.Granted, Asked: s.Asked, Since: s.Since, Open: s.Open}
}

// turnOff ends a permission of one device: nothing that is read through it comes in
// any more.
func (c *Centre) turnOff(v *visit) error {
	of := platform.Permission{Device: v.r.PostFormValue("device"), Name: v.r.PostFormValue("name")}
	list, err := c.on.Permissions(v.ctx(), v.sub)
	if err != nil {
		return err
	}
	for _, s := range list {
		if s.Permission == of.Name && s.Device == of.Device && s.State == device.Granted {
			if err := c.on.RevokePermission(v.ctx(), v.sub, of, platform.Self(v.sub)); err != nil {
				return err
			}
			return c.lead(v, "me/choices", "chosen-no")
		}
	}
	return fault.New(fault.NotFound, "there is no such permission to turn off")
}
