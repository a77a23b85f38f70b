// Package api has the words of the REST interface: what is sent and what comes
// back, for the server (web/rest) and for programs (client).
//
// Values of people travel in bodies only, never in an address or a header. Times
// are RFC 3339 in UTC. Names are those of the policy file.
//
// The package is pure: it has types and no behaviour.
package api
