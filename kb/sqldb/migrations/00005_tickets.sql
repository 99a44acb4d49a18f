-- +goose Up
-- What customers ask, as operators see it.
CREATE TABLE tickets (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    version       BIGINT NOT NULL,
    subject       TEXT NOT NULL,
    customer_id   TEXT NOT NULL,
    channel       TEXT NOT NULL,
    language      TEXT NOT NULL,
    topic         TEXT NOT NULL,
    tone          TEXT NOT NULL,
    priority      TEXT NOT NULL,
    rank          BIGINT NOT NULL,
    status        TEXT NOT NULL,
    assignee      TEXT NOT NULL,
    tags          TEXT NOT NULL,
    suggestion_id TEXT NOT NULL,
    origin        TEXT NOT NULL,
    preview       TEXT NOT NULL,
    words         TEXT NOT NULL,
    forgotten     BOOLEAN NOT NULL,
    asked_at      TIMESTAMP NOT NULL,
    answered_at   TIMESTAMP,
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
-- Each way of reading the queue has its order in an index: one status at a
-- time, by the time of the question or by priority, of all, of one person, of
-- one topic. The first two hold the words too, so that looking for some need
-- not read the rows.
CREATE INDEX tickets_asked ON tickets (workspace_id, status, asked_at, id, words);
CREATE INDEX tickets_rank ON tickets (workspace_id, status, rank, asked_at, id, words);
CREATE INDEX tickets_assignee ON tickets (workspace_id, assignee, status, asked_at, id);
CREATE INDEX tickets_assignee_rank ON tickets (workspace_id, assignee, status, rank, asked_at, id);
CREATE INDEX tickets_topic ON tickets (workspace_id, topic, status, asked_at, id);
CREATE INDEX tickets_topic_rank ON tickets (workspace_id, topic, status, rank, asked_at, id);
CREATE INDEX tickets_customer ON tickets (workspace_id, customer_id);

CREATE TABLE messages (
    workspace_id  TEXT NOT NULL,
    ticket_id     TEXT NOT NULL,
    place         BIGINT NOT NULL,
    name          TEXT NOT NULL,
    key           TEXT NOT NULL,
    version       BIGINT NOT NULL,
    role          TEXT NOT NULL,
    text          TEXT NOT NULL,
    author        TEXT NOT NULL,
    suggestion_id TEXT NOT NULL,
    at            TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, ticket_id, place),
    FOREIGN KEY (workspace_id, ticket_id) REFERENCES tickets (workspace_id, id) ON DELETE CASCADE
);
-- A double click finds what the first has sent.
CREATE UNIQUE INDEX messages_key ON messages (workspace_id, ticket_id, key) WHERE key <> '';

-- Who is looking at what.
CREATE TABLE presences (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    subject      TEXT NOT NULL,
    person       TEXT NOT NULL,
    name         TEXT NOT NULL,
    editing      BOOLEAN NOT NULL,
    at           TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, subject, person)
);

-- Where the panel for other helpdesks may be shown, and what its tokens are
-- signed with.
CREATE TABLE widgets (
    workspace_id TEXT PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    origins      TEXT NOT NULL,
    secret       TEXT NOT NULL,
    updated_at   TIMESTAMP NOT NULL
);
