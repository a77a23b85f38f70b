-- What a person said: about a purpose, or about giving data to a recipient or
-- abroad. Append only: the row of the latest turn of a subject, kind, purpose and
-- recipient is in force.
-- A CHECK names no more than two values at once: of three and more, SQLite makes an
-- index in memory each time the column is written.
CREATE TABLE consent_record (
	subject   INTEGER NOT NULL,
	id        INTEGER NOT NULL,
	turn      INTEGER NOT NULL,                 -- version of the subject that it led to
	kind      TEXT    NOT NULL CHECK (kind IN ('consent', 'objection') OR kind IN ('sharing', 'abroad')),
	purpose   INTEGER NOT NULL,                 -- 0 for sharing and abroad
	recipient INTEGER NOT NULL,                 -- 0 for consent and objection; abroad to nobody named
	given     INTEGER NOT NULL CHECK (given IN (0, 1)),
	explicit  INTEGER NOT NULL CHECK (explicit IN (0, 1)),
	policy    TEXT    NOT NULL,                 -- version whose text the person saw
	channel   TEXT    NOT NULL,
	at        INTEGER NOT NULL,
	until     INTEGER,
	PRIMARY KEY (subject, id)
) STRICT, WITHOUT ROWID;
