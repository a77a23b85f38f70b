-- What an API answered under an Idempotency-Key (package idempotency), for a day.
CREATE TABLE idempotency (
	digest  BYTEA   NOT NULL PRIMARY KEY,  -- keyed digest of API key and idempotency key
	request BYTEA   NOT NULL,              -- keyed digest of the request
	made    BIGINT  NOT NULL,              -- microseconds
	answer  BYTEA                          -- NULL while it is worked on, from made; ids and counts, no values
);

CREATE INDEX idempotency_made ON idempotency (made);
