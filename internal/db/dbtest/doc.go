// Package dbtest runs a test on every engine avow runs on.
//
// PostgreSQL is named by AVOW_TEST_POSTGRES, and a second cluster for key stores
// by AVOW_TEST_POSTGRES_KEYS; `make test` starts both. A missing server is a
// failure, except under go test -short. A test gets a schema that others had before it,
// emptied: see [Config], and [New] for one that is not there yet.
//
// Tables: none.
package dbtest
