-- A CHECK names no more than two values at once: of three and more, SQLite makes an
-- index in memory each time the column is written.
CREATE TABLE job (
    num      INTEGER PRIMARY KEY,
    kind     TEXT    NOT NULL CHECK (length(kind) BETWEEN 1 AND 60),
    ref      TEXT    NOT NULL CHECK (length(ref) BETWEEN 1 AND 200),
    state    TEXT    NOT NULL CHECK (state IN ('ready', 'running') OR state = 'dead'),
    made_at  INTEGER NOT NULL,
    run_at   INTEGER NOT NULL,
    due_at   INTEGER NOT NULL, -- run_at while it is ready, otherwise never
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    owner    TEXT    NOT NULL,
    fence    INTEGER NOT NULL,
    note     TEXT    NOT NULL,
    failure  TEXT    NOT NULL,
    CHECK ((state = 'running') = (owner <> '')),
    CHECK (due_at = CASE state WHEN 'ready' THEN run_at ELSE 9223372036854775807 END)
) STRICT;

CREATE INDEX job_due ON job (due_at, num);
CREATE INDEX job_name ON job (kind, ref);
CREATE INDEX job_rest ON job (state, num) WHERE state <> 'ready';

-- One row: the fence of the last batch that was taken. Taking a batch begins
-- with this row, so that two runners take turns.
CREATE TABLE job_turn (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    turn INTEGER NOT NULL
) STRICT;

INSERT INTO job_turn (one, turn) VALUES (1, 0);
