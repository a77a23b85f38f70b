-- Numbers handed out in blocks: every number below next may have been used.
CREATE TABLE db_number (
	name TEXT   NOT NULL PRIMARY KEY,
	next BIGINT NOT NULL CHECK (next > 0)
);

-- Who may do a named work, until when by the database's real clock. fence grows
-- with each new owner.
CREATE TABLE db_lease (
	name  TEXT   NOT NULL PRIMARY KEY,
	owner TEXT   NOT NULL,
	fence BIGINT NOT NULL,
	until BIGINT NOT NULL                       -- microseconds
);
