-- Open cases move with their ground; what was counted of them before stays counted where they were.
-- depends: 0007_projection_generations

ALTER TABLE issue_board ADD COLUMN counted_grid text;     -- null: counted in `grid`
ALTER TABLE request_board ADD COLUMN counted_place text;  -- null: counted in `place`

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
