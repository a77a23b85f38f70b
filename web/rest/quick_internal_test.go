package rest

import (
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// What programs ask for all day is read in one pass: a schema that grows something a
// shape does not know would quietly cost a fifth of their speed.
func TestTheBusyOperationsAreAnsweredTheQuickWay(t *testing.T) {
	s := &Server{mux: http.NewServeMux(), quick: map[string]quick{}}
	s.api = huma.NewAPI(s.humaConfig(), humago.NewAdapter(s.mux, "/api"))
	s.subjects()
	s.uses()
	s.consents()
	for _, id := range []string{"register", "use", "choose"} {
		if s.quick[id] == nil {
			t.Errorf("%s is left to huma", id)
		}
	}
	if s.quick["list-consents"] != nil {
		t.Error("an operation without a body has a quick way")
	}
}
