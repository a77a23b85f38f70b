CREATE TABLE warrant (
	id      TEXT    PRIMARY KEY,
	request TEXT    NOT NULL,
	step    BIGINT NOT NULL,
	system  TEXT    NOT NULL,
	action  TEXT    NOT NULL,
	subject BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	UNIQUE (request, step, system, action)
);
