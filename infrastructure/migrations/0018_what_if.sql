-- Jobs that suppose other limits, calendars or weights, and what they found to go otherwise. No part of any log:
-- whoever asked may ask again.
-- depends: 0017_bulletins

CREATE TABLE what_if_job (
    id uuid PRIMARY KEY,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,           -- also the moment by which what is not done yet is late
    areas text[] NOT NULL,                   -- of whoever asked, when they asked
    question jsonb NOT NULL,
    positions jsonb NOT NULL,                -- up to where each log is read
    state text COLLATE "C" NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    total bigint,                            -- null until counted
    done bigint NOT NULL DEFAULT 0,
    changed bigint NOT NULL DEFAULT 0,       -- rows of what_if_case
    mark_log text COLLATE "C" NOT NULL DEFAULT '',
    mark_number bigint NOT NULL DEFAULT 0,   -- the last case looked at: where another worker goes on
    tally jsonb NOT NULL DEFAULT '{}',
    result jsonb,                            -- null until done
    failure text NOT NULL DEFAULT '',
    attempts int NOT NULL DEFAULT 0,
    lease_owner uuid,                        -- null when free
    lease_until timestamptz,
    finished_at timestamptz
);
CREATE INDEX what_if_job_by_asker ON what_if_job (asked_by, asked_at DESC);
CREATE INDEX what_if_job_open ON what_if_job (asked_at) WHERE state IN ('waiting', 'running');

CREATE TABLE what_if_case (
    job uuid NOT NULL REFERENCES what_if_job (id) ON DELETE CASCADE,
    nth bigint NOT NULL,
    log_id text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    number bigint NOT NULL,
    clock text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    place text COLLATE "C" NOT NULL,
    due_then timestamptz,                    -- null: that clock did not run, or would not
    due_now timestamptz,
    late_then boolean,                       -- null: may still be met in time
    late_now boolean,
    PRIMARY KEY (job, nth)
);
