-- +goose Up
-- What lists by title are ordered by. SQLite lowers Latin letters only: other
-- titles have their very place from their next revision on.
ALTER TABLE documents ADD COLUMN sort_title TEXT NOT NULL DEFAULT '';
UPDATE documents SET sort_title = LOWER(SUBSTR(CASE WHEN title = '' THEN problem ELSE title END, 1, 100)) WHERE NOT deleted;
-- Each way of listing articles or cases has its order in an index: by id, by
-- the latest change, by title. All hold what lists are filtered by, so that
-- documents that are not wanted need not be read.
CREATE INDEX documents_listed ON documents (workspace_id, kind, id, deleted, status, locale);
CREATE INDEX documents_changed ON documents (workspace_id, kind, updated_at, id, deleted, status, locale);
CREATE INDEX documents_title ON documents (workspace_id, kind, sort_title, id, deleted, status, locale);
