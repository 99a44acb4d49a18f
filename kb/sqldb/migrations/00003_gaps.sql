-- +goose Up
-- Why a search told nothing of what is known: empty where it did.
ALTER TABLE suggestions ADD COLUMN blind TEXT NOT NULL DEFAULT '';

-- Topics that the knowledge base does not cover.
CREATE TABLE gaps (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    version      BIGINT NOT NULL,
    status       TEXT NOT NULL,
    label        TEXT NOT NULL,
    cause        TEXT NOT NULL,
    cost         DOUBLE PRECISION NOT NULL,
    owner        TEXT NOT NULL,
    due          TIMESTAMP,
    article_id   TEXT NOT NULL,
    merged_into  TEXT NOT NULL,
    topic        TEXT NOT NULL,
    draft        TEXT,
    proof        TEXT,
    dismissal    TEXT,
    history      TEXT NOT NULL,
    first_at     TIMESTAMP NOT NULL,
    last_at      TIMESTAMP NOT NULL,
    opened_at    TIMESTAMP,
    closed_at    TIMESTAMP,
    updated_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX gaps_status ON gaps (workspace_id, status);

-- The signs that knowledge failed, one row for each suggestion that shows any.
CREATE TABLE failures (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    suggestion_id TEXT NOT NULL,
    ticket_id     TEXT NOT NULL,
    customer_id   TEXT NOT NULL,
    operator_id   TEXT NOT NULL,
    language      TEXT NOT NULL,
    question      TEXT NOT NULL,
    reply         TEXT NOT NULL,
    signs         TEXT NOT NULL,
    sources       TEXT,
    confidence    DOUBLE PRECISION NOT NULL,
    outcome       TEXT,
    counted       BOOLEAN NOT NULL,
    gap_id        TEXT NOT NULL,
    at            TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, suggestion_id)
);
CREATE INDEX failures_gap ON failures (workspace_id, gap_id);
CREATE INDEX failures_at ON failures (workspace_id, at);
CREATE INDEX failures_customer ON failures (workspace_id, customer_id);

-- Who answers for a document, and when somebody last said that it holds.
CREATE TABLE care (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    document_id   TEXT NOT NULL,
    owner         TEXT NOT NULL,
    interval_days BIGINT NOT NULL,
    verified_at   TIMESTAMP,
    verified_by   TEXT NOT NULL,
    revision      BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, document_id)
);

-- Documents that were merged into others.
CREATE TABLE redirects (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    from_id      TEXT NOT NULL,
    to_id        TEXT NOT NULL,
    author       TEXT NOT NULL,
    at           TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, from_id)
);

-- What editors should look at: duplicates, contradictions, what is stale.
CREATE TABLE chores (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    status       TEXT NOT NULL,
    document_id  TEXT NOT NULL,
    other_id     TEXT NOT NULL,
    score        DOUBLE PRECISION NOT NULL,
    data         TEXT NOT NULL,
    owner        TEXT NOT NULL,
    note         TEXT NOT NULL,
    author       TEXT NOT NULL,
    found_at     TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX chores_status ON chores (workspace_id, status, kind);
CREATE INDEX chores_document ON chores (workspace_id, document_id);

-- Documents that rest on what has changed, until somebody says that they hold.
CREATE TABLE quarantines (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    document_id  TEXT NOT NULL,
    cause_id     TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    status       TEXT NOT NULL,
    data         TEXT NOT NULL,
    author       TEXT NOT NULL,
    at           TIMESTAMP NOT NULL,
    closed_at    TIMESTAMP,
    PRIMARY KEY (workspace_id, document_id, cause_id)
);

-- Where knowledge comes from by itself.
CREATE TABLE connections (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    config       TEXT NOT NULL,
    spec         TEXT NOT NULL,
    status       TEXT NOT NULL,
    author       TEXT NOT NULL,
    cursor       TEXT NOT NULL,
    held         TEXT,
    claimed_by   TEXT NOT NULL,
    claimed_till TIMESTAMP,
    last_slot    TIMESTAMP,
    created_at   TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- The version of each document as its system names it.
CREATE TABLE marks (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    connection_id TEXT NOT NULL,
    document_id   TEXT NOT NULL,
    mark          TEXT NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, document_id)
);

-- How keeping in step went.
CREATE TABLE sync_runs (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    connection_id TEXT NOT NULL,
    id            TEXT NOT NULL,
    status        TEXT NOT NULL,
    report        TEXT NOT NULL,
    started_at    TIMESTAMP NOT NULL,
    finished_at   TIMESTAMP,
    PRIMARY KEY (workspace_id, connection_id, id)
);

-- What is told to others: gaps, alarms.
CREATE TABLE notices (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    data         TEXT NOT NULL,
    at           TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- Who is told, and of what.
CREATE TABLE hooks (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    url          TEXT NOT NULL,
    email        TEXT NOT NULL,
    secret       TEXT NOT NULL,
    kinds        TEXT NOT NULL,
    active       BOOLEAN NOT NULL,
    author       TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- Each telling, until it arrived.
CREATE TABLE deliveries (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    notice_id    TEXT NOT NULL,
    hook_id      TEXT NOT NULL,
    status       TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    code         BIGINT NOT NULL,
    error        TEXT NOT NULL,
    due          TIMESTAMP NOT NULL,
    at           TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX deliveries_due ON deliveries (status, due);
