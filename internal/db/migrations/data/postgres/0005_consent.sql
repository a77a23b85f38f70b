-- What a person said: about a purpose, or about giving data to a recipient or
-- abroad. Append only: the row of the latest turn of a subject, kind, purpose and
-- recipient is in force.
CREATE TABLE consent_record (
	subject   BIGINT NOT NULL,
	id        BIGINT NOT NULL,
	turn      BIGINT NOT NULL,                 -- version of the subject that it led to
	kind      TEXT    NOT NULL CHECK (kind IN ('consent', 'objection', 'sharing', 'abroad')),
	purpose   BIGINT NOT NULL,                 -- 0 for sharing and abroad
	recipient BIGINT NOT NULL,                 -- 0 for consent and objection; abroad to nobody named
	given     BIGINT NOT NULL CHECK (given IN (0, 1)),
	explicit  BIGINT NOT NULL CHECK (explicit IN (0, 1)),
	policy    TEXT    NOT NULL,                 -- version whose text the person saw
	channel   TEXT    NOT NULL,
	at        BIGINT NOT NULL,
	until     BIGINT,
	PRIMARY KEY (subject, id)
);
