package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/avow-dev/avow/api"
)

// Use asks the policy and, when it allows, returns the values; the log entry is
// durable before. A denial is a [Denial]. It is never repeated by itself.
func (c *Client) Use(ctx context.Context, in api.Use) (out api.Answer, err error) {
	err = c.call(ctx, never, http.MethodPost, "/uses", in, &out)
	return out, err
}

// UseMany is one use of many subjects, at most 500. Everybody has their own
// answer; a denial is one of them and not an error.
func (c *Client) UseMany(ctx context.Context, subjects []string, in api.Use) ([]api.Answer, error) {
	var out api.Answers
	err := c.call(ctx, never, http.MethodPost, "/uses/batch", api.UseMany{Use: in, Subjects: subjects}, &out)
	return out.Answers, err
}

// VerifySecret compares a secret with the one on record.
func (c *Client) VerifySecret(ctx context.Context, in api.Use, candidate string) (bool, error) {
	var out api.Verified
	err := c.call(ctx, never, http.MethodPost, "/uses/secret", api.VerifySecret{Use: in, Candidate: candidate}, &out)
	return out.Match, err
}

// Decide asks what the policy would say. Nothing may be used on the strength of
// the answer.
func (c *Client) Decide(ctx context.Context, uses ...api.Use) ([]api.Decision, error) {
	var out api.Decisions
	err := c.call(ctx, freely, http.MethodPost, "/decisions", api.Decide{Uses: uses}, &out)
	return out.Decisions, err
}

// Ask takes a request of a person down and returns its id.
func (c *Client) Ask(ctx context.Context, in api.Ask) (string, error) {
	var out api.Asked
	err := c.call(ctx, byKey, http.MethodPost, "/requests", in, &out)
	return out.ID, err
}

// Request returns a request with its timeline.
func (c *Client) Request(ctx context.Context, id string) (out api.Request, err error) {
	err = c.call(ctx, freely, http.MethodGet, "/requests/"+url.PathEscape(id), nil, &out)
	return out, err
}

// Requests returns a page of requests, oldest first.
func (c *Client) Requests(ctx context.Context, after string) (out api.Requests, err error) {
	err = c.call(ctx, freely, http.MethodGet, "/requests"+page(after), nil, &out)
	return out, err
}

// VerifyRequest records that who asks is the person, by a method such as login.
func (c *Client) VerifyRequest(ctx context.Context, id, method string) (out api.Request, err error) {
	err = c.call(ctx, never, http.MethodPost, "/requests/"+url.PathEscape(id)+"/verify", api.VerifyRequest{Method: method}, &out)
	return out, err
}

// Policy returns the policy in force.
func (c *Client) Policy(ctx context.Context) (out api.Policy, err error) {
	err = c.call(ctx, freely, http.MethodGet, "/policy", nil, &out)
	return out, err
}

// Checkpoint returns the newest signed checkpoint of the log.
func (c *Client) Checkpoint(ctx context.Context) (out api.Checkpoint, err error) {
	err = c.call(ctx, freely, http.MethodGet, "/ledger/checkpoint", nil, &out)
	return out, err
}

// RequestReceipt returns the receipt of a request that was carried out: a file
// that avow receipt verify checks offline.
func (c *Client) RequestReceipt(ctx context.Context, id string) (out json.RawMessage, err error) {
	err = c.call(ctx, freely, http.MethodGet, "/requests/"+url.PathEscape(id)+"/receipt", nil, &out)
	return out, err
}

// EntryProof returns the proof that an entry, such as that of a use, is in the
// log: a file that avow audit verify checks offline.
func (c *Client) EntryProof(ctx context.Context, entry int64) (out json.RawMessage, err error) {
	err = c.call(ctx, freely, http.MethodGet, "/ledger/entries/"+strconv.FormatInt(entry, 10)+"/proof", nil, &out)
	return out, err
}

// Promises returns a page of the board, those in the given state where it is not
// "": every sentence of the policy, what keeps it, and how it stands.
func (c *Client) Promises(ctx context.Context, state, after string) (out api.Promises, err error) {
	q := url.Values{}
	if state != "" {
		q.Set("state", state)
	}
	if after != "" {
		q.Set("after", after)
	}
	path := "/promises"
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	err = c.call(ctx, freely, http.MethodGet, path, nil, &out)
	return out, err
}

// Duties returns what people have to do and sign again and again, and how it
// stands.
func (c *Client) Duties(ctx context.Context) ([]api.Duty, error) {
	var out api.Duties
	err := c.call(ctx, freely, http.MethodGet, "/duties", nil, &out)
	return out.Duties, err
}
