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
