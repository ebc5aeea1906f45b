-- One row per job. Nothing in it is content, names content or opens content: the id that its owner
-- holds is here only as a digest, and object ids are worth nothing without the vault's key files.
-- BIGINT and TEXT only, so that the same text runs on PostgreSQL. Times are Unix milliseconds.
CREATE TABLE jobs (
    job_key         TEXT   NOT NULL PRIMARY KEY, -- SHA-256 of the id, hexadecimal
    state           TEXT   NOT NULL,             -- queued, running, done, failed, cancelled
    stage           TEXT,                        -- at which it ended early
    tries           BIGINT NOT NULL,             -- how often a worker took it
    tier            TEXT   NOT NULL,
    shaper          TEXT   NOT NULL,
    seed            BIGINT NOT NULL,             -- the bits of an unsigned number
    faces           BIGINT,
    texture_px      BIGINT,
    keep_background BIGINT NOT NULL,             -- 0 or 1
    picture         TEXT,                        -- object ids in the vault
    model           TEXT,
    preview         TEXT,
    failure         TEXT,                        -- a code, never free text
    notices         TEXT   NOT NULL,             -- names, separated by commas
    stage_millis    TEXT   NOT NULL,             -- name=milliseconds, separated by commas
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    destroyed_at    BIGINT                       -- set: a tombstone, its objects are (being) destroyed
);

-- The queue in order, and what the reaper looks for.
CREATE INDEX jobs_by_state ON jobs (state, created_at, job_key);
CREATE INDEX jobs_by_expiry ON jobs (expires_at);
