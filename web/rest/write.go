package rest

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/avow-dev/avow/web"
)

// request returns what is below huma.
func request(ctx huma.Context) (*http.Request, http.ResponseWriter) { return humago.Unwrap(ctx) }

// write ends a request with a failure, before its operation has begun.
func (s *Server) write(ctx huma.Context, f *failure) {
	f.Instance = web.RequestID(ctx.Context())
	ctx.SetHeader("Content-Type", f.ContentType(""))
	ctx.SetHeader("Cache-Control", "no-store")
	ctx.SetStatus(f.Status)
	json.NewEncoder(ctx.BodyWriter()).Encode(f.Problem)
}
