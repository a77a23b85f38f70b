// Package otlp sends spans to a collector, by OTLP over HTTP.
//
// It promises that the collector of the configuration is the only address it ever
// speaks to (redirects are not followed, and variables of the environment do not
// change where spans go), that a collector which is away or slow delays no answer
// and costs bounded memory (spans are dropped), and that nothing is sent in clear
// over a network: the address is https, or on this machine.
//
// Tables: none.
package otlp
