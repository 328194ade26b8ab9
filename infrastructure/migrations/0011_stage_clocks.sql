-- By when the stages of an issue are due that have limits of their own, as the limit rules set them.
-- depends: 0010_calendars_of_clocks

ALTER TABLE issue_board ADD COLUMN dispatch_due timestamptz;   -- null: not begun, or no rule says
ALTER TABLE issue_board ADD COLUMN accept_due timestamptz;
ALTER TABLE issue_board ADD COLUMN contact_due timestamptz;
ALTER TABLE issue_board ADD COLUMN feedback_due timestamptz;
ALTER TABLE issue_board ADD COLUMN check_due timestamptz;
ALTER TABLE issue_board ADD COLUMN call_back_due timestamptz;

-- Views name their columns when they are made, so it is made again.
CREATE OR REPLACE VIEW served_issue AS
SELECT i.*
  FROM issue_board i
  JOIN projection_generation g
    ON g.log_id = i.log_id AND g.generation = i.generation AND g.projection = 'board' AND g.state = 'active';
