-- The queue between several workers and several owners, what a job may be asked for since, how often
-- it was downloaded, and three small tables beside it. As in 0001: BIGINT and TEXT, moments in Unix
-- milliseconds, nothing that is content. The same file serves SQLite and PostgreSQL.

-- Whose it is: a digest that the server chose, never an address or a name.
ALTER TABLE jobs ADD COLUMN owner TEXT NOT NULL DEFAULT '';

-- Who runs it: a random id for each time that it is taken, and until when it is theirs.
ALTER TABLE jobs ADD COLUMN worker TEXT;
ALTER TABLE jobs ADD COLUMN lease_until BIGINT;
ALTER TABLE jobs ADD COLUMN percent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN ended_at BIGINT;

-- The rest of the engine's options.
ALTER TABLE jobs ADD COLUMN topology TEXT NOT NULL DEFAULT 'triangle';
ALTER TABLE jobs ADD COLUMN symmetry TEXT NOT NULL DEFAULT 'none';
ALTER TABLE jobs ADD COLUMN size_metres TEXT; -- decimal, reads back exactly
ALTER TABLE jobs ADD COLUMN ground TEXT NOT NULL DEFAULT 'flat';
ALTER TABLE jobs ADD COLUMN print BIGINT NOT NULL DEFAULT 0; -- 0 or 1

-- How long it is kept, and what downloads do to that.
ALTER TABLE jobs ADD COLUMN lifetime_secs BIGINT NOT NULL DEFAULT 3600;
ALTER TABLE jobs ADD COLUMN delete_after_download BIGINT NOT NULL DEFAULT 0; -- 0 or 1
ALTER TABLE jobs ADD COLUMN downloads BIGINT NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN first_download_at BIGINT;
ALTER TABLE jobs ADD COLUMN last_download_at BIGINT;
ALTER TABLE jobs ADD COLUMN ceiling_at BIGINT; -- no download extends beyond it; not set: none extends

-- The queue by owner, oldest first.
DROP INDEX jobs_by_state;
CREATE INDEX jobs_by_state ON jobs (state, owner, created_at, job_key);

-- Whose turn was when. Turns are numbers that only grow.
CREATE TABLE owners (
    owner     TEXT   NOT NULL PRIMARY KEY,
    turn      BIGINT NOT NULL,
    served_at BIGINT NOT NULL
);

-- Requests that may come twice: which job the first one made. Digests only.
CREATE TABLE idempotency_keys (
    key_digest     TEXT   NOT NULL PRIMARY KEY, -- of owner and key
    request_digest TEXT   NOT NULL,
    job_key        TEXT   NOT NULL,
    created_at     BIGINT NOT NULL
);

-- How long the latest runs took. Says nothing about whose they were.
CREATE TABLE runs (
    run      TEXT   NOT NULL PRIMARY KEY, -- random
    tier     TEXT   NOT NULL,
    shaper   TEXT   NOT NULL,
    millis   BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
);
CREATE INDEX runs_by_kind ON runs (tier, shaper, ended_at, run);

-- What was destroyed, as signed.
CREATE TABLE receipts (
    object_id   TEXT   NOT NULL PRIMARY KEY,
    job_key     TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    deleted_at  BIGINT NOT NULL,
    signed_text TEXT   NOT NULL
);
CREATE INDEX receipts_by_job ON receipts (job_key, deleted_at, object_id);

-- What this installation last found out about its own promises.
CREATE TABLE checks (
    name      TEXT   NOT NULL PRIMARY KEY,
    ran_at    BIGINT NOT NULL,
    passed    BIGINT NOT NULL, -- 0 or 1
    looked_at BIGINT NOT NULL -- how many things it looked at
);
