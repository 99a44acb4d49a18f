-- +goose Up
CREATE TABLE workspaces (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    changes    BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE documents (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,
    problem      TEXT NOT NULL,
    resolution   TEXT NOT NULL,
    locale       TEXT NOT NULL,
    product      TEXT NOT NULL,
    region       TEXT NOT NULL,
    tags         TEXT,
    audience     TEXT NOT NULL,
    url          TEXT NOT NULL,
    status       TEXT NOT NULL,
    origin       TEXT NOT NULL,
    author       TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    hash         TEXT NOT NULL,
    originals    TEXT,
    deleted      BOOLEAN NOT NULL,
    resolved_at  TIMESTAMP,
    created_at   TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX documents_seq ON documents (workspace_id, seq);
CREATE INDEX documents_origin ON documents (workspace_id, origin);

-- What a document was before its latest revision.
CREATE TABLE revisions (
    workspace_id TEXT NOT NULL,
    document_id  TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    content      TEXT NOT NULL,
    originals    TEXT,
    author       TEXT NOT NULL,
    deleted      BOOLEAN NOT NULL,
    resolved_at  TIMESTAMP,
    at           TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, document_id, revision),
    FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE keys (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    hash         TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    revoked_at   TIMESTAMP
);
CREATE INDEX keys_workspace ON keys (workspace_id);

-- Dense vectors a model server has made, so that no text is paid for twice.
CREATE TABLE vectors (
    model   TEXT NOT NULL,
    hash    TEXT NOT NULL,
    data    BYTEA NOT NULL,
    used_at TIMESTAMP NOT NULL,
    PRIMARY KEY (model, hash)
);

-- How to answer; the name 'default' is used where nothing else is said.
CREATE TABLE profiles (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    data         TEXT NOT NULL,
    updated_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, name)
);

CREATE TABLE suggestions (
    workspace_id   TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id             TEXT NOT NULL,
    ticket_id      TEXT NOT NULL,
    operator_id    TEXT NOT NULL,
    operator_group TEXT NOT NULL,
    profile        TEXT NOT NULL,
    mode           TEXT NOT NULL,
    decision       TEXT NOT NULL,
    abstain_reason TEXT NOT NULL,
    confidence     DOUBLE PRECISION NOT NULL,
    language       TEXT NOT NULL,
    question       TEXT NOT NULL,
    originals      TEXT,
    answer         TEXT NOT NULL,
    sources        TEXT,
    took           TEXT NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX suggestions_ticket ON suggestions (workspace_id, ticket_id);
CREATE INDEX suggestions_time ON suggestions (workspace_id, created_at);

-- Requests that were answered, by the key the client gave them.
CREATE TABLE idempotency (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    key          TEXT NOT NULL,
    request      TEXT NOT NULL,
    result       TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

-- Who of several processes does a thing that only one should.
CREATE TABLE leases (
    name    TEXT PRIMARY KEY,
    holder  TEXT NOT NULL,
    expires BIGINT NOT NULL
);

-- What a process must remember of how it was set up.
CREATE TABLE state (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
