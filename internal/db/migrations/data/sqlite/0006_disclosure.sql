CREATE TABLE disclosure (
	subject   INTEGER NOT NULL,
	id        INTEGER NOT NULL,
	recipient INTEGER NOT NULL,
	purpose   INTEGER NOT NULL,
	items     BLOB    NOT NULL,                 -- item numbers, two bytes each, big-endian
	scenario  TEXT    NOT NULL,
	at        INTEGER NOT NULL,
	entry     INTEGER NOT NULL,                 -- the log entry that granted it
	PRIMARY KEY (subject, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE disclosure_backing (
	subject     INTEGER NOT NULL,
	id          INTEGER NOT NULL,
	need        INTEGER NOT NULL,                 -- policy.Need
	recipient   INTEGER NOT NULL,                 -- 0: whoever it is
	scenario    TEXT NOT NULL,
	ref         TEXT NOT NULL,                  -- number of an order, a case or a ticket
	items       BLOB NOT NULL,                   -- as in disclosure
	recorded_by TEXT NOT NULL,                  -- id of a member of staff
	let_in      TEXT NOT NULL,                  -- of a task: id of the member of staff who may look, else ''
	at          INTEGER NOT NULL,
	until       INTEGER NOT NULL,
	PRIMARY KEY (subject, id)
) STRICT, WITHOUT ROWID;
