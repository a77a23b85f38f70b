CREATE TABLE disclosure (
	subject   BIGINT NOT NULL,
	id        BIGINT NOT NULL,
	recipient BIGINT NOT NULL,
	purpose   BIGINT NOT NULL,
	items     BYTEA    NOT NULL,                 -- item numbers, two bytes each, big-endian
	scenario  TEXT    NOT NULL,
	at        BIGINT NOT NULL,
	entry     BIGINT NOT NULL,                 -- the log entry that granted it
	PRIMARY KEY (subject, id)
);

CREATE TABLE disclosure_backing (
	subject     BIGINT NOT NULL,
	id          BIGINT NOT NULL,
	need        BIGINT NOT NULL,                 -- policy.Need
	recipient   BIGINT NOT NULL,                 -- 0: whoever it is
	scenario    TEXT NOT NULL,
	ref         TEXT NOT NULL,                  -- number of an order, a case or a ticket
	items       BYTEA NOT NULL,                   -- as in disclosure
	recorded_by TEXT NOT NULL,                  -- id of a member of staff
	let_in      TEXT NOT NULL,                  -- of a task: id of the member of staff who may look, else ''
	at          BIGINT NOT NULL,
	until       BIGINT NOT NULL,
	PRIMARY KEY (subject, id)
);
