-- Read models in generations: a new one is filled beside the one that is served, then takes its place.
-- What was projected before is thrown away and projected anew.
-- depends: 0006_logs_moved

DROP TABLE projection_progress;
TRUNCATE issue_board, request_board, timeline;

-- active: served. building: being filled. retired: served before, kept for a rollback. dropping: going.
CREATE TABLE projection_generation (
    log_id text COLLATE "C" NOT NULL,
    projection text COLLATE "C" NOT NULL,
    generation int NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('active', 'building', 'retired', 'dropping')),
    edition int NOT NULL,            -- of the rules that filled it
    shards int NOT NULL CHECK (shards > 0),
    begun_at timestamptz NOT NULL DEFAULT now(),
    served_at timestamptz,           -- null until it was
    PRIMARY KEY (log_id, projection, generation)
);
CREATE UNIQUE INDEX projection_generation_active ON projection_generation (log_id, projection) WHERE state = 'active';
CREATE UNIQUE INDEX projection_generation_building ON projection_generation (log_id, projection)
 WHERE state = 'building';

-- Room on each page lets a row move on without touching an index.
CREATE TABLE projection_progress (
    log_id text COLLATE "C" NOT NULL,
    projection text COLLATE "C" NOT NULL,
    generation int NOT NULL,
    shard int NOT NULL,
    position bigint NOT NULL DEFAULT 0,   -- the last one read
    lease_owner uuid,                     -- null when free
    lease_until timestamptz,
    PRIMARY KEY (log_id, projection, generation, shard)
) WITH (fillfactor = 50);

-- Events that a projection could not take, and later ones of their streams, which wait behind them.
CREATE TABLE dead_letter (
    log_id text COLLATE "C" NOT NULL,
    projection text COLLATE "C" NOT NULL,
    generation int NOT NULL,
    position bigint NOT NULL,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('poison', 'waiting', 'skipped')),
    error text,                           -- type and place of the error, never its text; null while waiting
    attempts int NOT NULL DEFAULT 0,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (log_id, projection, generation, position)
);
CREATE INDEX dead_letter_by_stream ON dead_letter (log_id, projection, generation, stream_id, position);

ALTER TABLE issue_board ALTER COLUMN log_id TYPE text COLLATE "C", ADD COLUMN generation int NOT NULL,
      DROP CONSTRAINT issue_board_pkey, ADD PRIMARY KEY (log_id, generation, id);
DROP INDEX issue_board_by_number, issue_board_by_stage, issue_board_by_lead, issue_board_by_grid, issue_board_by_due;
CREATE INDEX issue_board_by_number ON issue_board (log_id, generation, number);
CREATE INDEX issue_board_by_stage ON issue_board (log_id, generation, stage);
CREATE INDEX issue_board_by_lead ON issue_board (log_id, generation, lead, stage);
CREATE INDEX issue_board_by_grid ON issue_board (log_id, generation, grid text_pattern_ops);
CREATE INDEX issue_board_by_due ON issue_board (log_id, generation, due);
CREATE INDEX issue_board_by_merger ON issue_board (log_id, generation, merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE request_board ALTER COLUMN log_id TYPE text COLLATE "C", ADD COLUMN generation int NOT NULL,
      DROP CONSTRAINT request_board_pkey, ADD PRIMARY KEY (log_id, generation, id);
DROP INDEX request_board_by_number, request_board_by_stage, request_board_by_issue, request_board_by_handled_in,
           request_board_by_place, request_board_by_received;
CREATE INDEX request_board_by_number ON request_board (log_id, generation, number);
CREATE INDEX request_board_by_stage ON request_board (log_id, generation, stage);
CREATE INDEX request_board_by_issue ON request_board (log_id, generation, issue);
CREATE INDEX request_board_by_place ON request_board (log_id, generation, place text_pattern_ops);
CREATE INDEX request_board_by_received ON request_board (log_id, generation, received_at);

ALTER TABLE timeline ALTER COLUMN log_id TYPE text COLLATE "C", ADD COLUMN generation int NOT NULL,
      DROP CONSTRAINT timeline_pkey, ADD PRIMARY KEY (log_id, generation, position);
DROP INDEX timeline_by_case;
CREATE INDEX timeline_by_case ON timeline (log_id, generation, case_id, version);

-- What readers read: the generation that is served. Joins within a projection go by its generation.
CREATE VIEW served_issue AS
SELECT i.*
  FROM issue_board i
  JOIN projection_generation g
    ON g.log_id = i.log_id AND g.generation = i.generation AND g.projection = 'board' AND g.state = 'active';
CREATE VIEW served_request AS
SELECT r.*
  FROM request_board r
  JOIN projection_generation g
    ON g.log_id = r.log_id AND g.generation = r.generation AND g.projection = 'board' AND g.state = 'active';
CREATE VIEW served_timeline AS
SELECT t.*
  FROM timeline t
  JOIN projection_generation g
    ON g.log_id = t.log_id AND g.generation = t.generation AND g.projection = 'timeline' AND g.state = 'active';
