-- +goose Up
-- Who signs in. An e-mail names one account of the whole installation.
CREATE TABLE people (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    email        TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    hash         TEXT NOT NULL,
    identity     TEXT NOT NULL,
    active       BOOLEAN NOT NULL,
    locale       TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    entered_at   TIMESTAMP
);
CREATE INDEX people_workspace ON people (workspace_id);
CREATE INDEX people_identity ON people (identity);

-- Browsers that are signed in, by the hash of their token.
CREATE TABLE sessions (
    hash       TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    seen_at    TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX sessions_person ON sessions (person_id);

-- Links that sign in once, by the hash of their token.
CREATE TABLE links (
    hash       TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at    TIMESTAMP
);
CREATE INDEX links_person ON links (person_id);

-- Failed tries to sign in, by account and by address. An account is a hash of
-- whatever was typed, so that one that does not exist is locked like others.
CREATE TABLE tries (
    subject      TEXT PRIMARY KEY,
    failed       BIGINT NOT NULL,
    last_at      TIMESTAMP NOT NULL,
    locked_until TIMESTAMP
);

-- Everything that changed anything.
CREATE TABLE audit (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    actor_id     TEXT NOT NULL,
    actor        TEXT NOT NULL,
    method       TEXT NOT NULL,
    operation    TEXT NOT NULL,
    subject      TEXT NOT NULL,
    detail       TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    at           TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_actor ON audit (workspace_id, actor_id, id);
CREATE INDEX audit_subject ON audit (workspace_id, subject, id);
