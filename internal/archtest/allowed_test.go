package archtest

import "strings"

// The exceptions. Each says why, and each names the smallest folder that needs
// it.

// mayReadClock: business time comes from the act (I-5). Timers and time.Until,
// which says how long a context has left, are free: they are real time.
func mayReadClock(path string) bool {
	switch path {
	case "internal/db": // the one clock
	case "internal/db/dbtest", "internal/world": // tests move it
	case "cmd/avowbench": // measures real time, and is no part of the product
	default:
		return false
	}
	return true
}

// maySkipInSilence: tests say why they skip themselves.
func maySkipInSilence(file string) bool {
	return file == "internal/db/tx_test.go" // tries what happens when a test ends in the middle of a transaction
}

// mayImportDriver: the engine is hidden (I-10).
func mayImportDriver(path string) bool {
	switch path {
	case "internal/db", "internal/db/loading": // hide them
	case "internal/db/dbtest", "internal/db/powerloss", "connector/connectortest", "internal/world": // make databases for tests
	default:
		return speaksForeignSQL(path)
	}
	return true
}

// speaksForeignSQL: tables that others own.
func speaksForeignSQL(path string) bool {
	return strings.HasPrefix(path, "connector/") || // written from the data map while they run
		path == "examples/shop" // the company's own
}

// mayBuildSQL: statements are constants everywhere else.
func mayBuildSQL(path string) bool {
	switch path {
	case "internal/db": // merges statements, and creates schemas
	case "internal/archive": // copies every table that the catalogue lists, so that none is forgotten
	case "internal/db/dbtest", "internal/world": // make and search databases
	case "internal/testbed": // makes the account of a server
	default:
		return speaksForeignSQL(path)
	}
	return true
}

// mayNameSystemTables: the catalogues of the engines.
func mayNameSystemTables(path string) bool { return mayBuildSQL(path) }

// mayKeepState: package-level variables that change.
func mayKeepState(path string) bool {
	_, kit := kits()[path]                     // part of a test
	return kit || path == "internal/failpoint" // counts passings, only in builds with the tag failpoint
}

// madeByCode: tables that no migration makes.
func madeByCode(at place) bool {
	return at.table == "db_migration" // lists the migrations, so it is there before the first
}
