-- Of how many views of an object its model is made, so that a list can say it. The same file serves SQLite
-- and PostgreSQL.

ALTER TABLE jobs ADD COLUMN views BIGINT NOT NULL DEFAULT 1;
