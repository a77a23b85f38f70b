package client

import (
	"context"
	"net/http"
	"net/url"

	"github.com/avow-dev/avow/api"
)

// Register adds somebody, with what they gave or not at all, and returns their
// id. What the policy refuses is a [Denial].
func (c *Client) Register(ctx context.Context, in api.Register) (string, error) {
	var out api.Registered
	err := c.call(ctx, byKey, http.MethodPost, "/subjects", in, &out)
	return out.ID, err
}

// Subject returns what is on record about a subject, without values.
func (c *Client) Subject(ctx context.Context, subject string) (out api.Subject, err error) {
	err = c.call(ctx, freely, http.MethodGet, about(subject, ""), nil, &out)
	return out, err
}

// Find returns the subjects that an identifier points to.
func (c *Client) Find(ctx context.Context, kind, value string) ([]string, error) {
	var out api.Found
	err := c.call(ctx, freely, http.MethodPost, "/identifiers/lookup", api.Identifier{Kind: kind, Value: value}, &out)
	return out.Subjects, err
}

// Bar keeps an identifier out.
func (c *Client) Bar(ctx context.Context, in api.Bar) error {
	return c.call(ctx, freely, http.MethodPost, "/identifiers/bars", in, nil)
}

// Collect stores values that came in at a collection point, all or none.
func (c *Client) Collect(ctx context.Context, subject, point string, given ...api.Given) error {
	return c.call(ctx, byKey, http.MethodPost, about(subject, "/values"), api.Collect{Point: point, Given: given}, nil)
}

// Holdings returns a page of what is held, without values; after "" is the first.
func (c *Client) Holdings(ctx context.Context, subject, after string) (out api.Holdings, err error) {
	err = c.call(ctx, freely, http.MethodGet, about(subject, "/values")+page(after), nil, &out)
	return out, err
}

// Correct replaces a value; the old one is unreadable for ever.
func (c *Client) Correct(ctx context.Context, subject, item, value string) error {
	return c.call(ctx, freely, http.MethodPut, about(subject, "/values/"+url.PathEscape(item)), api.Correct{Value: value}, nil)
}

// Erase erases in the vault, for good.
func (c *Client) Erase(ctx context.Context, subject string, what api.Erase) (out api.Erased, err error) {
	err = c.call(ctx, byKey, http.MethodPost, about(subject, "/erasure"), what, &out)
	return out, err
}

// CloseAccount closes the account.
func (c *Client) CloseAccount(ctx context.Context, subject string) error {
	return c.call(ctx, byKey, http.MethodPost, about(subject, "/close"), nil, nil)
}

// Accept records that the policy in force was accepted.
func (c *Client) Accept(ctx context.Context, subject string) error {
	return c.call(ctx, freely, http.MethodPut, about(subject, "/acceptance"), nil, nil)
}

// Restrict restricts processing, or lifts that.
func (c *Client) Restrict(ctx context.Context, subject string, on bool) error {
	return c.call(ctx, freely, http.MethodPut, about(subject, "/restriction"), api.Restriction{Restricted: on}, nil)
}

// Choose records what a person says about a purpose or a recipient.
func (c *Client) Choose(ctx context.Context, subject string, in api.Choice) error {
	return c.call(ctx, byKey, http.MethodPost, about(subject, "/consents"), in, nil)
}

// Consents returns a page of what a person said, oldest first.
func (c *Client) Consents(ctx context.Context, subject, after string) (out api.Consents, err error) {
	err = c.call(ctx, freely, http.MethodGet, about(subject, "/consents")+page(after), nil, &out)
	return out, err
}

// Disclosures returns a page of what went to whom, oldest first.
func (c *Client) Disclosures(ctx context.Context, subject, after string) (out api.Disclosures, err error) {
	err = c.call(ctx, freely, http.MethodGet, about(subject, "/disclosures")+page(after), nil, &out)
	return out, err
}

// Entries returns a page of the log entries about a subject, oldest first.
func (c *Client) Entries(ctx context.Context, subject, after string) (out api.Entries, err error) {
	err = c.call(ctx, freely, http.MethodGet, about(subject, "/entries")+page(after), nil, &out)
	return out, err
}

func page(after string) string {
	if after == "" {
		return ""
	}
	return "?after=" + url.QueryEscape(after)
}
