-- What retention has done, class by class.
CREATE TABLE retention_class (
	class   BIGINT PRIMARY KEY,
	policy  BIGINT NOT NULL,                    -- number of the publication by which the ends of its rows were last looked at
	swept   BIGINT,                             -- last run that went through all that was due
	ended   BIGINT,                             -- when something last ended
	n       BIGINT NOT NULL                     -- rows ended so far
);

-- What stays of values that were made anonymous: how many there were of an item
-- in a period. No subject, no value.
CREATE TABLE retention_left (
	item   BIGINT NOT NULL,
	period BIGINT NOT NULL,                     -- year and month in which they ended: 202603
	n      BIGINT NOT NULL,
	PRIMARY KEY (item, period)
);
