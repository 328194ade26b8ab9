-- What is to fire by itself in the life of a case, and what its clocks came through.
-- depends: 0013_escalations_and_whistles

ALTER TABLE issue_board ADD COLUMN timing jsonb;            -- pauses, grants and fired timers of its clocks; null without any
ALTER TABLE issue_board ADD COLUMN fires_at timestamptz;    -- when something is to fire next; null: nothing is
CREATE INDEX issue_board_by_timer ON issue_board (log_id, generation, fires_at) WHERE fires_at IS NOT NULL;

ALTER TABLE request_board ADD COLUMN limit_ended timestamptz;  -- the due instant that its call-back came due with
CREATE INDEX request_board_to_call_back ON request_board (log_id, generation, handled_in)
 WHERE stage IN ('attached', 'contacted', 'fed_back');

-- Views name their columns when they are made, so they are made again.
CREATE OR REPLACE VIEW served_issue AS
SELECT i.*
  FROM issue_board i
  JOIN projection_generation g
    ON g.log_id = i.log_id AND g.generation = i.generation AND g.projection = 'board' AND g.state = 'active';
CREATE OR REPLACE VIEW served_request AS
SELECT r.*
  FROM request_board r
  JOIN projection_generation g
    ON g.log_id = r.log_id AND g.generation = r.generation AND g.projection = 'board' AND g.state = 'active';
