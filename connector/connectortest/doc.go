// Package connectortest holds what every kind of connector must do. A kind's tests
// give it fresh databases and call [Run]; [RunCase] scores a connector on real
// schemas whose truth was read by hand.
//
// The package owns no table.
package connectortest
