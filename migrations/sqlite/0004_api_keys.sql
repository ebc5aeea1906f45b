-- Keys that the operator gives to programs, and which jobs were made with which. The same file serves
-- SQLite and PostgreSQL.

CREATE TABLE api_keys (
    name       TEXT   NOT NULL PRIMARY KEY, -- the operator's word for it
    key_digest TEXT   NOT NULL UNIQUE,      -- SHA-256 of the secret, hexadecimal
    owner      TEXT   NOT NULL,             -- random: whose the jobs are that are made with it
    scopes     TEXT   NOT NULL,             -- names, separated by commas
    created_at BIGINT NOT NULL
);

-- The job's id, sealed under a secret that comes with requests and is kept nowhere.
ALTER TABLE jobs ADD COLUMN sealed_id TEXT;
CREATE INDEX jobs_by_owner ON jobs (owner, created_at, job_key);
