-- Webhooks: how far each is in each of its logs, and how its deliveries fared. Which webhooks there are stands in the
-- city's log; what stands here may be lost, and then is delivered again.
-- depends: 0024_erasing

CREATE TABLE webhook_progress (
    webhook text COLLATE "C" NOT NULL,
    log_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,              -- the last one done with: delivered, parked, or of no interest
    attempts int NOT NULL DEFAULT 0,       -- of the next one, all failed
    failure text NOT NULL DEFAULT '',      -- of the last attempt, in a word
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    parked_in_row int NOT NULL DEFAULT 0,
    halted boolean NOT NULL DEFAULT false, -- nobody answers, or everything is refused
    seen_version bigint NOT NULL DEFAULT 0,-- of the webhook: a later one revives what halted, and tries at once
    lease_owner uuid,                      -- null when free
    lease_until timestamptz,
    PRIMARY KEY (webhook, log_id)
) WITH (fillfactor = 50);

CREATE TABLE webhook_delivery (
    webhook text COLLATE "C" NOT NULL,
    log_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('delivered', 'parked', 'resending')),
    attempts int NOT NULL,
    status int,                            -- of the last answer; null without one
    failure text NOT NULL,
    took_ms int NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (webhook, log_id, position)
);
CREATE INDEX webhook_delivery_latest ON webhook_delivery (webhook, last_at, log_id, position);
CREATE INDEX webhook_delivery_left ON webhook_delivery (webhook, log_id, position) WHERE state <> 'delivered';
CREATE INDEX webhook_delivery_old ON webhook_delivery (last_at) WHERE state = 'delivered';

CREATE TABLE vault.webhook_secret (
    webhook text COLLATE "C" NOT NULL,
    version bigint NOT NULL,               -- of the webhook, from which on it signs
    kek_id text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL,
    ends_at timestamptz,                   -- null for the newest
    PRIMARY KEY (webhook, version)
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_append') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_progress, webhook_delivery TO wangge_append;
        GRANT SELECT, INSERT, UPDATE, DELETE ON vault.webhook_secret TO wangge_append;
    END IF;
END;
$$;
