-- +goose Up
-- The article a case was resolved with, and how many tickets ended with it.
ALTER TABLE documents ADD COLUMN resolved_with TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN evidence BIGINT NOT NULL DEFAULT 0;

-- Numbers given out in the feed of feedback.
ALTER TABLE workspaces ADD COLUMN events BIGINT NOT NULL DEFAULT 0;

-- Who asked, in which arm of which pilot, how it was ranked, and what the
-- ranking had to choose from.
ALTER TABLE suggestions ADD COLUMN customer_id TEXT NOT NULL DEFAULT '';
ALTER TABLE suggestions ADD COLUMN pilot TEXT NOT NULL DEFAULT '';
ALTER TABLE suggestions ADD COLUMN arm TEXT NOT NULL DEFAULT '';
ALTER TABLE suggestions ADD COLUMN ranker BIGINT NOT NULL DEFAULT 0;
ALTER TABLE suggestions ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE suggestions ADD COLUMN raw_confidence DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE suggestions ADD COLUMN candidates TEXT;
CREATE INDEX suggestions_customer ON suggestions (workspace_id, customer_id);

-- What operators and helpdesks told: facts that never change.
CREATE TABLE events (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    seq           BIGINT NOT NULL,
    suggestion_id TEXT NOT NULL,
    operator_id   TEXT NOT NULL,
    kind          TEXT NOT NULL,
    source_id     TEXT NOT NULL,
    value         TEXT NOT NULL,
    score         DOUBLE PRECISION NOT NULL,
    text          TEXT NOT NULL,
    shown         TEXT,
    outcome       TEXT,
    supersedes    TEXT NOT NULL,
    at            TIMESTAMP NOT NULL,
    received_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX events_seq ON events (workspace_id, seq);
CREATE INDEX events_suggestion ON events (workspace_id, suggestion_id);
CREATE INDEX events_operator ON events (workspace_id, operator_id, at);

-- What the events of a suggestion come to, made from them again whenever one
-- arrives.
CREATE TABLE judgements (
    workspace_id   TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    suggestion_id  TEXT NOT NULL,
    seq            BIGINT NOT NULL,
    ticket_id      TEXT NOT NULL,
    operator_id    TEXT NOT NULL,
    operator_group TEXT NOT NULL,
    language       TEXT NOT NULL,
    profile        TEXT NOT NULL,
    pilot          TEXT NOT NULL,
    arm            TEXT NOT NULL,
    ranker         BIGINT NOT NULL,
    topic          TEXT NOT NULL,
    decision       TEXT NOT NULL,
    confidence     DOUBLE PRECISION NOT NULL,
    used           TEXT NOT NULL,
    distance       DOUBLE PRECISION NOT NULL,
    reason         TEXT NOT NULL,
    rating         DOUBLE PRECISION NOT NULL,
    resolved_with  TEXT NOT NULL,
    credits        TEXT,
    shown          TEXT,
    outcome        TEXT,
    missing        BOOLEAN NOT NULL,
    suggested_at   TIMESTAMP NOT NULL,
    at             TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, suggestion_id)
);
CREATE INDEX judgements_seq ON judgements (workspace_id, seq);
CREATE INDEX judgements_operator ON judgements (workspace_id, operator_id);

-- Which tickets a case of the case memory was made of.
CREATE TABLE case_tickets (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    suggestion_id TEXT NOT NULL,
    document_id   TEXT NOT NULL,
    ticket_id     TEXT NOT NULL,
    operator_id   TEXT NOT NULL,
    withdrawn     TEXT NOT NULL,
    at            TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, suggestion_id)
);
CREATE INDEX case_tickets_document ON case_tickets (workspace_id, document_id);

-- What an editor or admin decides about a source or an operator's influence.
CREATE TABLE overrides (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL,
    id           TEXT NOT NULL,
    action       TEXT NOT NULL,
    author       TEXT NOT NULL,
    at           TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, kind, id)
);

-- What was learned, version by version.
CREATE TABLE rankers (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    version      BIGINT NOT NULL,
    status       TEXT NOT NULL,
    learned      TEXT NOT NULL,
    figures      TEXT NOT NULL,
    note         TEXT NOT NULL,
    through      BIGINT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    status_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, version)
);

-- Passages' vectors as moved towards the questions they answered.
CREATE TABLE tuned (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    version      BIGINT NOT NULL,
    document_id  TEXT NOT NULL,
    ordinal      BIGINT NOT NULL,
    model        TEXT NOT NULL,
    hash         TEXT NOT NULL,
    data         BYTEA NOT NULL,
    PRIMARY KEY (workspace_id, version, document_id, ordinal)
);

-- Who of a workspace's operators is answered in which way, to try it.
CREATE TABLE pilots (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    profile      TEXT NOT NULL,
    control      TEXT NOT NULL,
    groups       TEXT NOT NULL,
    percent      BIGINT NOT NULL,
    status       TEXT NOT NULL,
    salt         TEXT NOT NULL,
    author       TEXT NOT NULL,
    history      TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, name)
);

-- How a workspace wants to learn.
CREATE TABLE settings (
    workspace_id TEXT PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    data         TEXT NOT NULL,
    updated_at   TIMESTAMP NOT NULL
);

-- The runs of jobs: one for each time a job was due.
CREATE TABLE job_runs (
    job         TEXT NOT NULL,
    slot        TIMESTAMP NOT NULL,
    holder      TEXT NOT NULL,
    status      TEXT NOT NULL,
    attempt     BIGINT NOT NULL,
    started_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    note        TEXT NOT NULL,
    PRIMARY KEY (job, slot)
);

-- What is believed for now of topics, operators, cases and confidence.
CREATE TABLE beliefs (
    workspace_id TEXT PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
    data         TEXT NOT NULL,
    updated_at   TIMESTAMP NOT NULL
);
