-- What a job is about: the name of an image tool, or nothing where a model is made. What exactly the
-- tool does is sealed with the picture and in no row. The same file serves SQLite and PostgreSQL.

ALTER TABLE jobs ADD COLUMN tool TEXT;
ALTER TABLE runs ADD COLUMN tool TEXT NOT NULL DEFAULT '';
