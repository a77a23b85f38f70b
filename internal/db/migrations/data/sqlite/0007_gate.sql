CREATE TABLE warrant (
	id      TEXT    PRIMARY KEY,
	request TEXT    NOT NULL,
	step    INTEGER NOT NULL,
	system  TEXT    NOT NULL,
	action  TEXT    NOT NULL,
	subject INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	UNIQUE (request, step, system, action)
) STRICT, WITHOUT ROWID;
