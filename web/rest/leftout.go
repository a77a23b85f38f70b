package rest

import (
	"context"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/policy"
	"github.com/avow-dev/avow/subject"
)

// leftOut says what was not given at a point, and what does not work without it.
func (c call) leftOut(ctx context.Context, id subject.ID, point string, given []policy.Given) ([]api.LeftOut, error) {
	items, err := c.LeftOut(ctx, id, point, given)
	if err != nil {
		return nil, err
	}
	var out []api.LeftOut
	for _, it := range items {
		out = append(out, api.LeftOut{Item: it.Name, Without: it.Without.In(c.Policy().Languages()[0]), Clause: it.Clause})
	}
	return out, nil
}
