-- Numbers handed out in blocks: every number below next may have been used.
CREATE TABLE db_number (
	name TEXT    NOT NULL PRIMARY KEY,
	next INTEGER NOT NULL CHECK (next > 0)
) STRICT, WITHOUT ROWID;

-- Who may do a named work, until when by the database's real clock. fence grows
-- with each new owner.
CREATE TABLE db_lease (
	name  TEXT    NOT NULL PRIMARY KEY,
	owner TEXT    NOT NULL,
	fence INTEGER NOT NULL,
	until INTEGER NOT NULL                      -- microseconds
) STRICT, WITHOUT ROWID;
