-- What retention has done, class by class.
CREATE TABLE retention_class (
	class   INTEGER PRIMARY KEY,
	policy  INTEGER NOT NULL,                   -- number of the publication by which the ends of its rows were last looked at
	swept   INTEGER,                            -- last run that went through all that was due
	ended   INTEGER,                            -- when something last ended
	n       INTEGER NOT NULL                    -- rows ended so far
) STRICT;

-- What stays of values that were made anonymous: how many there were of an item
-- in a period. No subject, no value.
CREATE TABLE retention_left (
	item   INTEGER NOT NULL,
	period INTEGER NOT NULL,                    -- year and month in which they ended: 202603
	n      INTEGER NOT NULL,
	PRIMARY KEY (item, period)
) STRICT, WITHOUT ROWID;
