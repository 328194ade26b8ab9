-- Which version of which calendar measures a running clock: a newer one re-sets it.
-- depends: 0009_where_cases_are_counted

ALTER TABLE issue_board ADD COLUMN calendar text;               -- null before the first assignment, as all of these
ALTER TABLE issue_board ADD COLUMN calendar_version text;
ALTER TABLE issue_board ADD COLUMN provisional boolean;         -- the due instant lies beyond the last published day
ALTER TABLE issue_board ADD COLUMN case_calendar text;          -- the first lead's, on which the case clock runs
ALTER TABLE issue_board ADD COLUMN case_calendar_version text;

-- Views name their columns when they are made, so it is made again.
CREATE OR REPLACE VIEW served_issue AS
SELECT i.*
  FROM issue_board i
  JOIN projection_generation g
    ON g.log_id = i.log_id AND g.generation = i.generation AND g.projection = 'board' AND g.state = 'active';
