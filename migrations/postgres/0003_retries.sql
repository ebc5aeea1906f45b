-- Failed jobs may be tried again, so many times; and runs remember how long each stage took, for the
-- time that is left of the next one. The same file serves SQLite and PostgreSQL.

-- How often its owner had it tried again.
ALTER TABLE jobs ADD COLUMN retries BIGINT NOT NULL DEFAULT 0;

-- name=milliseconds, separated by commas; empty for runs from before this.
ALTER TABLE runs ADD COLUMN stage_millis TEXT NOT NULL DEFAULT '';
