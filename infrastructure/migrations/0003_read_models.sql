-- Read models: thrown away and rebuilt at will. Every key is led by log_id.
-- depends: 0002_logs

CREATE TABLE projection_progress (
    log_id text NOT NULL,
    projection text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (log_id, projection)
);

CREATE TABLE issue_board (
    log_id text NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,          -- position of the report: dense, so people can say it on the phone
    version bigint NOT NULL,
    stage text NOT NULL,
    grid text NOT NULL,
    grid_edition int NOT NULL,
    community text NOT NULL GENERATED ALWAYS AS (left(grid, 12)) STORED,
    street text NOT NULL GENERATED ALWAYS AS (left(grid, 9)) STORED,
    category text NOT NULL,          -- '' until somebody names one
    channel text NOT NULL,
    urgency text NOT NULL,
    longitude double precision,      -- null: reported by grid, not by point
    latitude double precision,
    subject uuid NOT NULL,
    lead text NOT NULL DEFAULT '',   -- '' until assigned
    copies text[] NOT NULL DEFAULT '{}',
    assists text[] NOT NULL DEFAULT '{}',
    handler text NOT NULL DEFAULT '',
    reported_by text NOT NULL,
    reported_at timestamptz NOT NULL,
    filed_at timestamptz,            -- the rest are null until they happen
    assigned_at timestamptz,
    accepted_at timestamptz,
    resolved_at timestamptz,
    checked_at timestamptz,
    closed_at timestamptz,
    changed_at timestamptz NOT NULL,
    limit_amount int,
    limit_unit text,
    clock_start timestamptz,
    due timestamptz,
    case_due timestamptz,
    overdue boolean,                 -- null until resolved
    solved_level text,
    assignments int NOT NULL DEFAULT 0,
    returns int NOT NULL DEFAULT 0,
    ping_pong int NOT NULL DEFAULT 0,
    round int NOT NULL DEFAULT 1,
    voices int NOT NULL DEFAULT 0,
    off_list boolean NOT NULL DEFAULT false,
    merged_into uuid,
    exempt boolean NOT NULL DEFAULT false,
    exemption_asked boolean NOT NULL DEFAULT false,
    PRIMARY KEY (log_id, id)
);
CREATE INDEX issue_board_by_number ON issue_board (log_id, number);
CREATE INDEX issue_board_by_stage ON issue_board (log_id, stage, number);
CREATE INDEX issue_board_by_lead ON issue_board (log_id, lead, stage, number);
CREATE INDEX issue_board_by_grid ON issue_board (log_id, grid text_pattern_ops, number);
CREATE INDEX issue_board_by_due ON issue_board (log_id, due);

CREATE TABLE request_board (
    log_id text NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    stage text NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    place text NOT NULL,
    community text GENERATED ALWAYS AS (CASE WHEN length(place) >= 12 THEN left(place, 12) END) STORED,
    street text GENERATED ALWAYS AS (CASE WHEN length(place) >= 9 THEN left(place, 9) END) STORED,
    category text NOT NULL,
    longitude double precision,
    latitude double precision,
    subject uuid NOT NULL,
    issue uuid,                      -- null until attached
    handled_in uuid,                 -- the issue it goes on in: another one after a merger
    received_by text NOT NULL,
    received_at timestamptz NOT NULL,
    diversion text,
    contacted_at timestamptz,
    fed_back_at timestamptz,
    called_back_at timestamptz,
    closed_at timestamptz,
    changed_at timestamptz NOT NULL,
    call_back_valid boolean,         -- null until called back; the answers are null when it was not valid
    said_contacted boolean,
    said_solved text,
    said_satisfaction text,
    round int NOT NULL DEFAULT 1,
    complained_about text NOT NULL,
    confidential boolean NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL,
    exempt boolean NOT NULL DEFAULT false,
    exemption_asked boolean NOT NULL DEFAULT false,
    PRIMARY KEY (log_id, id)
);
CREATE INDEX request_board_by_number ON request_board (log_id, number);
CREATE INDEX request_board_by_stage ON request_board (log_id, stage, number);
CREATE INDEX request_board_by_issue ON request_board (log_id, issue);
CREATE INDEX request_board_by_handled_in ON request_board (log_id, handled_in);
CREATE INDEX request_board_by_place ON request_board (log_id, place text_pattern_ops, number);
CREATE INDEX request_board_by_received ON request_board (log_id, received_at);

CREATE TABLE timeline (
    log_id text NOT NULL,
    position bigint NOT NULL,
    case_id uuid NOT NULL,
    version bigint NOT NULL,
    topic text NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    by text NOT NULL,
    role text NOT NULL,
    of_unit text NOT NULL,
    reason text NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (log_id, position)
);
CREATE INDEX timeline_by_case ON timeline (log_id, case_id, version);
