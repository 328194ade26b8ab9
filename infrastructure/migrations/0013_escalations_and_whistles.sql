-- At which level a case is coordinated, what it missed first, and whistles beside it.
-- depends: 0009_where_cases_are_counted

ALTER TABLE issue_board ADD COLUMN level text NOT NULL DEFAULT 'grid';
ALTER TABLE issue_board ADD COLUMN coordinator text NOT NULL DEFAULT '';   -- '' while it was not passed up, or came down
ALTER TABLE issue_board ADD COLUMN contact text NOT NULL DEFAULT '';       -- '' where nobody holds the community
ALTER TABLE issue_board ADD COLUMN passed_up text[] NOT NULL DEFAULT '{}'; -- level, coordinator and contact below, in threes
ALTER TABLE issue_board ADD COLUMN escalations int NOT NULL DEFAULT 0;
ALTER TABLE issue_board ADD COLUMN escalated_at timestamptz;
-- Null until it was resolved late once; a redo, whoever leads it and wherever, leaves it counted then, there, of them.
ALTER TABLE issue_board ADD COLUMN missed_due timestamptz;
ALTER TABLE issue_board ADD COLUMN missed_by text;
ALTER TABLE issue_board ADD COLUMN missed_grid text;
CREATE INDEX issue_board_by_counted_due ON issue_board (log_id, generation, coalesce(missed_due, due));
CREATE INDEX issue_board_by_coordinator ON issue_board (log_id, generation, coordinator) WHERE coordinator <> '';

CREATE TABLE whistle_board (
    log_id text COLLATE "C" NOT NULL,
    generation int NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,
    version bigint NOT NULL,
    stage text NOT NULL,
    issue uuid NOT NULL,
    grid text NOT NULL,
    caller text NOT NULL,
    occasion text NOT NULL,
    about text NOT NULL,
    called text[] NOT NULL,
    awaited text[] NOT NULL,         -- called units with a step before them: to come, then to rate
    caller_awaited boolean NOT NULL, -- whether the street has: to end it, then to rate each
    late text[] NOT NULL,            -- came, but late
    absent text[] NOT NULL,          -- did not come in time
    arrivals jsonb NOT NULL,         -- by unit: when, whether late
    ratings jsonb NOT NULL,          -- by unit rated: stars, remarks
    verdicts jsonb NOT NULL,         -- by unit that rates: whether it was justified
    blown_by text NOT NULL,
    blown_at timestamptz NOT NULL,
    due timestamptz NOT NULL,
    ended_at timestamptz,            -- null while it sounds
    measure text,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (log_id, generation, id)
);
CREATE INDEX whistle_board_by_number ON whistle_board (log_id, generation, number);
CREATE INDEX whistle_board_by_issue ON whistle_board (log_id, generation, issue);
CREATE INDEX whistle_board_by_blown ON whistle_board (log_id, generation, blown_at, id);
CREATE INDEX whistle_board_by_called ON whistle_board USING gin (called);
CREATE INDEX whistle_board_by_awaited ON whistle_board USING gin (awaited);

-- Views name their columns when they are made, so the first is made again.
CREATE OR REPLACE VIEW served_issue AS
SELECT i.*
  FROM issue_board i
  JOIN projection_generation g
    ON g.log_id = i.log_id AND g.generation = i.generation AND g.projection = 'board' AND g.state = 'active';
CREATE VIEW served_whistle AS
SELECT w.*
  FROM whistle_board w
  JOIN projection_generation g
    ON g.log_id = w.log_id AND g.generation = w.generation AND g.projection = 'board' AND g.state = 'active';
