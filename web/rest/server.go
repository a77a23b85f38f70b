package rest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/platform"
	"github.com/avow-dev/avow/staff"
	"github.com/avow-dev/avow/web"
)

// Version is the version of the interface.
const Version = "1.0.0"

// Config is what the interface is made of.
type Config struct {
	Frame *web.Frame
	Staff *staff.Directory

	// PerKey, PerSubject and PerStranger limit what one key may do, what may be
	// done to one subject on one route, and how often one client may come with a
	// key that is not good. The zero rates are sensible.
	PerKey, PerSubject, PerStranger web.Rate
}

// A Server answers the interface's routes.
type Server struct {
	config    Config
	frame     *web.Frame
	platforms map[string]*platform.Platform
	mux       *http.ServeMux
	api       huma.API
	document  func() ([]byte, error) // the OpenAPI document, made when it is first asked for
	quick     map[string]quick       // by operation
	built     chan struct{}          // closed when all of the above is there

	bodies, answers sync.Pool // of [quickBody]byte, of bytes.Buffer
}

// New returns the interface for the platforms of a frame. Its operations are put
// together meanwhile, which takes longer than all else that a server does at its start:
// who asks before that waits some milliseconds.
func New(c Config) *Server {
	orElse(&c.PerKey, web.Rate{Each: 50 * time.Microsecond, Burst: 20_000})
	orElse(&c.PerSubject, web.Rate{Each: 5 * time.Millisecond, Burst: 400})
	orElse(&c.PerStranger, web.Rate{Each: time.Second, Burst: 30})
	s := &Server{config: c, frame: c.Frame, platforms: map[string]*platform.Platform{}, mux: http.NewServeMux(), quick: map[string]quick{}, built: make(chan struct{})}
	for _, p := range c.Frame.Platforms() {
		s.platforms[p.ID()] = p
	}
	go s.build()
	return s
}

// build makes the routes.
func (s *Server) build() {
	defer close(s.built)
	s.api = huma.NewAPI(s.humaConfig(), humago.NewAdapter(s.mux, "/api"))
	s.api.UseMiddleware(s.authorize)
	s.subjects()
	s.identifiers()
	s.values()
	s.uses()
	s.consents()
	s.backings()
	s.permissions()
	s.requests()
	s.cases()
	s.statistics()
	s.persons()
	s.recipients()
	s.messages()
	s.parcels()
	s.cookies()
	s.incidents()
	s.policies()
	s.promises()
	s.ledger()
	delete(s.api.OpenAPI().Components.Schemas.Map(), "ErrorModel") // huma's own, which no answer of ours has
	exemplify(s.api.OpenAPI())
	s.document = sync.OnceValues(func() ([]byte, error) { return document(s.api.OpenAPI()) })
	s.mux.HandleFunc("GET /api/openapi.json", s.openAPI)
	s.docs()
	s.log()
	s.mux.HandleFunc("/", s.frame.NotFound)
}

func orElse(r *web.Rate, other web.Rate) {
	if r.Burst == 0 {
		*r = other
	}
}

// Doors are the path prefixes that the interface answers.
func (s *Server) Doors() []web.Door {
	routes := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-s.built
		s.mux.ServeHTTP(w, r)
	})
	return []web.Door{{Prefix: "/api/", Handler: routes}, {Prefix: "/log/", Handler: routes}}
}

func (s *Server) humaConfig() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "avow", Version: Version,
				Description: "Personal data under a privacy policy that is the program. Every use asks the policy and stands in the log before a value is handed out. " +
					"A key is made with `avow apikey create`; the scope that an operation takes stands beside it.",
			},
			Servers: []*huma.Server{{URL: "/api"}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key": {Type: "http", Scheme: "bearer", Description: "API key of one platform, with scopes: avow_…"},
				},
			},
			Tags: []*huma.Tag{
				{Name: "subjects", Description: "The people (or organisations) whose data it is."},
				{Name: "identifiers", Description: "What finds a subject. An identifier comes in as an item that the policy says identifies, with the other values."},
				{Name: "values", Description: "Personal values: collecting, correcting, erasing. They are handed out by a use only."},
				{Name: "uses", Description: "Using values for a purpose, and asking what the policy would say."},
				{Name: "consents", Description: "What a person says about purposes, recipients, and data going abroad."},
				{Name: "disclosures", Description: "What of a subject went to whom."},
				{Name: "requests", Description: "Access, erasure and the other rights, with their clocks. Plans are approved by people, in the console."},
				{Name: "cases", Description: "Questions, suggestions and complaints: who waits for an answer, and until when; the ways to reach the controller."},
				{Name: "messages", Description: "Messages to people, each decided for its person, and the notices of a change of the policy."},
				{Name: "permissions", Description: "What a device may read, as its person answered, and the sessions in which values are observed."},
				{Name: "cookies", Description: "What may be set, read and counted in browsers. The banner, its script and its pictures are at /{platform}/cookies."},
				{Name: "policy", Description: "The policy in force, and earlier versions."},
				{Name: "recipients", Description: "Who receives data: what was found out about them, what they accepted, their links; a change of the business; ways out to others."},
				{Name: "statistics", Description: "Counts of people: suppressed, attacked, and released by two people."},
				{Name: "incidents", Description: "Incidents with their plan, their clocks, whom they concern, and what was told to whom."},
				{Name: "promises", Description: "Every sentence of the policy with what keeps it and how it stands, and the duties that people do and sign, in the console."},
				{Name: "ledger", Description: "Log entries, checkpoints and proofs. Tiles (C2SP tlog-tiles) are public, under /log/{platform}/."},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{s.problems},
	}
}

// document writes the OpenAPI document for people to read.
func document(o *huma.OpenAPI) ([]byte, error) {
	b, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = json.Indent(&out, b, "", " ")
	return out.Bytes(), err
}

func (s *Server) openAPI(w http.ResponseWriter, r *http.Request) {
	text, err := s.document()
	if err != nil {
		s.frame.Problem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Access-Control-Allow-Origin", "*") // it is public, and tools read it from a browser
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Write(text)
}

// OpenAPI returns the document of the interface.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.api.OpenAPI() }

// problemResponse documents what every operation may answer.
func (s *Server) problemResponse() *huma.Response {
	r := s.api.OpenAPI().Components.Schemas
	return &huma.Response{
		Description: "Why it was not done (RFC 9457)",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: r.Schema(problemType(), true, "Problem")}},
	}
}

var _ error = api.Problem{}
