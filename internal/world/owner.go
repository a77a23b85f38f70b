package world

import (
	"context"
	"testing"

	"github.com/avow-dev/avow/gate"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/rights"
)

// OwnerOf is the person of a request, as a door knows them that let them in. Who
// is known by no identifier is known by the request alone.
func OwnerOf(t testing.TB, p *platform.Platform, id rights.ID) gate.Actor {
	t.Helper()
	v, err := p.Requests().Show(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	if v.Subject == "" {
		return gate.Actor{Role: policy.Self, ID: string(id)}
	}
	return gate.Actor{Role: policy.Self, ID: string(v.Subject)}
}
