-- Extensions, suspension, appeals and supervision orders on the board, and since when a clock stands.
-- depends: 0010_calendars_of_clocks

ALTER TABLE issue_board ADD COLUMN stopped_at timestamptz;        -- the lead's clock stands since, undecided; null: it does not
ALTER TABLE issue_board ADD COLUMN suspended_until timestamptz;   -- null unless suspended
ALTER TABLE issue_board ADD COLUMN suspensions int NOT NULL DEFAULT 0;
ALTER TABLE issue_board ADD COLUMN suspension_asked boolean NOT NULL DEFAULT false;
ALTER TABLE issue_board ADD COLUMN extensions int NOT NULL DEFAULT 0;
ALTER TABLE issue_board ADD COLUMN extension_asked text NOT NULL DEFAULT '';  -- '', asked, endorsed
ALTER TABLE issue_board ADD COLUMN appeal text NOT NULL DEFAULT '';           -- '', asked, endorsed, granted, refused
ALTER TABLE issue_board ADD COLUMN supervised int NOT NULL DEFAULT 0;         -- orders not closed
ALTER TABLE issue_board ADD COLUMN supervision_due timestamptz;               -- of those not answered, the earliest
ALTER TABLE issue_board ADD COLUMN supervisions text[] NOT NULL DEFAULT '{}'; -- of those not answered: number and due
CREATE INDEX issue_board_by_suspension ON issue_board (log_id, generation, suspended_until)
 WHERE suspended_until IS NOT NULL;
CREATE INDEX issue_board_by_ask ON issue_board (log_id, generation)
 WHERE extension_asked <> '' OR suspension_asked OR appeal IN ('asked', 'endorsed') OR supervised > 0;

-- Views name their columns when they are made, so it is made again.
CREATE OR REPLACE VIEW served_issue AS
SELECT i.*
  FROM issue_board i
  JOIN projection_generation g
    ON g.log_id = i.log_id AND g.generation = i.generation AND g.projection = 'board' AND g.state = 'active';
