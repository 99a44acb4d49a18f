-- +goose Up
-- What lists by title are ordered by. Databases do not agree on what a capital
-- is, so the program fills it in: see kb.DB.FillSortTitles.
ALTER TABLE documents ADD COLUMN sort_title TEXT NOT NULL DEFAULT '';
-- Each way of listing articles or cases has its order in an index: by id, by
-- the latest change, by title. All hold what lists are filtered by, so that
-- documents that are not wanted need not be read.
CREATE INDEX documents_listed ON documents (workspace_id, kind, id, deleted, status, locale);
CREATE INDEX documents_changed ON documents (workspace_id, kind, updated_at, id, deleted, status, locale);
CREATE INDEX documents_title ON documents (workspace_id, kind, sort_title, id, deleted, status, locale);
