-- What an API answered under an Idempotency-Key (package idempotency), for a day.
CREATE TABLE idempotency (
	digest  BLOB    NOT NULL PRIMARY KEY,  -- keyed digest of API key and idempotency key
	request BLOB    NOT NULL,              -- keyed digest of the request
	made    INTEGER NOT NULL,              -- microseconds
	answer  BLOB                           -- NULL while it is worked on, from made; ids and counts, no values
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_made ON idempotency (made);
