-- +goose Up
-- What an operator said that nobody has written down.
ALTER TABLE failures ADD COLUMN missing TEXT NOT NULL DEFAULT '';
