// Command middleware is a small web application that keeps personal data in an
// avow server and asks before it uses any. The address of a newsletter's reader
// is never in the application's own database; a page that needs it says for what,
// and is not shown where the policy says no.
//
//	AVOW_SERVER=http://127.0.0.1:8470 AVOW_PLATFORM=goscom-pro AVOW_KEY=avow_… go run ./examples/middleware
package main

import (
	"context"
	"fmt"
	"html"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/avow-dev/avow/api"
	"github.com/avow-dev/avow/client"
)

func main() {
	c, err := client.New(client.Config{Server: os.Getenv("AVOW_SERVER"), Platform: os.Getenv("AVOW_PLATFORM"), Key: os.Getenv("AVOW_KEY")})
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: "127.0.0.1:8080", Handler: application(c, signedIn), ReadHeaderTimeout: 10 * time.Second}
	log.Print("http://127.0.0.1:8080/account?as=sub_…")
	log.Fatal(server.ListenAndServe())
}

// signedIn says whose request it is. A real application looks at its own session.
func signedIn(r *http.Request) string { return r.URL.Query().Get("as") }

// application has two pages: one needs the address for the account, the other for
// push messages, which takes a consent.
func application(c *client.Client, who func(*http.Request) string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /account", asks(c, who, "account", "account.email")(http.HandlerFunc(show)))
	mux.Handle("GET /news", asks(c, who, "push", "account.email")(http.HandlerFunc(show)))
	return mux
}

func show(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "<p>We write to %s.</p>", html.EscapeString(value(r.Context(), "account.email")))
}

type valuesKey struct{}

// value is an item that the middleware got leave for.
func value(ctx context.Context, item string) string {
	values, _ := ctx.Value(valuesKey{}).(map[string]string)
	return values[item]
}

// asks is the middleware: the handler behind it runs only when the policy lets
// these items be used for this purpose, and finds them with value. Each request
// is one entry of the log, which the person sees in their privacy centre.
func asks(c *client.Client, who func(*http.Request) string, purpose string, items ...string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer, err := c.Use(r.Context(), api.Use{Subject: who(r), Items: items, Purpose: purpose})
			if p, denied := client.Denial(err); denied {
				w.WriteHeader(http.StatusForbidden)
				for _, why := range p.Reasons {
					fmt.Fprintf(w, "<p>%s</p>", html.EscapeString(why.Text))
				}
				return
			}
			if err != nil {
				http.Error(w, "this page cannot be shown now", http.StatusServiceUnavailable)
				return
			}
			values := map[string]string{}
			for _, v := range answer.Values {
				values[v.Item] = v.Value
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), valuesKey{}, values)))
		})
	}
}
