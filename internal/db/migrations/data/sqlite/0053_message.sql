-- Messages to people, and what became of each copy. Package message owns these. What
-- is written in one stands sealed, and its key ends when the last copy is out.
CREATE TABLE message (
	num      INTEGER PRIMARY KEY,             -- from the same numbers as subjects, so that a key can be bound to it
	id       TEXT NOT NULL UNIQUE,        -- msg_…
	class    TEXT NOT NULL CHECK (class IN ('service', 'update', 'safety', 'transaction', 'survey', 'marketing', 'policy')),
	purpose  INTEGER NOT NULL,                -- 0 for the notice of a change of the policy
	channel  TEXT NOT NULL,
	reason   TEXT NOT NULL,               -- a code: why it is sent
	version  INTEGER NOT NULL,                -- number of the version of whose change it tells; else 0
	ref      TEXT NOT NULL,               -- the order, case or ticket behind it, such as order:1; '' for none
	language TEXT NOT NULL,
	seal_key INTEGER NOT NULL,                -- 0: nothing of its own is written in it
	sealed   BLOB,                         -- NULL: nothing, or gone
	spread   INTEGER NOT NULL CHECK (spread IN (0, 1)), -- every copy is there
	made     INTEGER NOT NULL,
	gone     INTEGER                          -- when the key died
) STRICT;

CREATE INDEX message_version ON message (version, num) WHERE version > 0;
CREATE INDEX message_kept ON message (num) WHERE seal_key > 0 AND gone IS NULL AND spread = 1;

CREATE TABLE message_copy (
	message INTEGER NOT NULL,
	subject INTEGER NOT NULL,
	surface TEXT NOT NULL,                -- where a notice was shown: app, website; else ''
	state   TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'handed', 'withheld', 'failed', 'shown', 'seen')),
	why     TEXT NOT NULL,                -- a code: why it is withheld or failed, or at what it was shown
	at      INTEGER NOT NULL,
	PRIMARY KEY (message, subject, surface)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_copy_state ON message_copy (message, state);
CREATE INDEX message_copy_subject ON message_copy (subject, message);
