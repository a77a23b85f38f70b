package platform

import (
	"context"

	"github.com/avow-dev/avow/fault"
	"github.com/avow-dev/avow/idempotency"
)

// Once does work under an idempotency key: the first time it calls fn and keeps
// its answer, which holds no personal value; later it returns that answer and
// replayed is true. caller tells the keys of different programs apart, request is
// everything that was asked. A fault of fn that a caller can act on means that
// nothing was done: the key is free again.
func (p *Platform) Once(ctx context.Context, caller, key, request string, fn func() ([]byte, error)) (answer []byte, replayed bool, err error) {
	secret, err := p.keys.Secret(ctx, "idempotency")
	if err != nil {
		return nil, false, err
	}
	t, err := idempotency.Begin(ctx, p.data, idempotency.Digest(secret, "key", caller, key), idempotency.Digest(secret, "request", request))
	if err != nil || t.Replayed {
		return t.Answer, t.Replayed, err
	}
	answer, err = fn()
	ctx = context.WithoutCancel(ctx) // the work is done: its caller may have gone
	if err != nil {
		if fault.Of(err) != fault.Internal {
			if err := t.Release(ctx, p.data); err != nil {
				return nil, false, err
			}
		}
		return nil, false, err
	}
	return answer, false, t.Done(ctx, p.data, answer)
}
