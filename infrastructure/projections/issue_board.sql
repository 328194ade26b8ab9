-- fetch --
SELECT to_json(i)::text
  FROM issue_board i
 WHERE i.log_id = %(log_id)s AND i.generation = %(generation)s AND i.id = ANY(%(ids)s::uuid[])

-- begin --
COPY issue_board (log_id, generation, id, number, version, stage, grid, grid_edition, category, channel, urgency,
                  longitude, latitude, subject, lead, copies, assists, handler, reported_by, reported_at, filed_at,
                  assigned_at, accepted_at, resolved_at, checked_at, closed_at, changed_at, limit_amount, limit_unit,
                  clock_start, due, case_due, overdue, solved_level, assignments, returns, ping_pong, round, voices,
                  off_list, merged_into, exempt, exemption_asked, counted_grid, calendar, calendar_version, provisional,
                  case_calendar, case_calendar_version, level, coordinator, contact,
                  passed_up, escalations, escalated_at, missed_due, missed_by, missed_grid,
                  stopped_at, suspended_until, suspensions, suspension_asked, extensions, extension_asked, appeal,
                  supervised, supervision_due, supervisions, dispatch_due, accept_due, contact_due, feedback_due,
                  check_due, call_back_due,
                  timing, fires_at)
FROM STDIN

-- change --
UPDATE issue_board AS b
   SET version = c.version, stage = c.stage, grid = c.grid, grid_edition = c.grid_edition,
       counted_grid = c.counted_grid, category = c.category, lead = c.lead, copies = c.copies,
       assists = c.assists, handler = c.handler, filed_at = c.filed_at, assigned_at = c.assigned_at,
       accepted_at = c.accepted_at, resolved_at = c.resolved_at, checked_at = c.checked_at, closed_at = c.closed_at,
       changed_at = c.changed_at, limit_amount = c.limit_amount, limit_unit = c.limit_unit,
       clock_start = c.clock_start, due = c.due, case_due = c.case_due, overdue = c.overdue,
       solved_level = c.solved_level, assignments = c.assignments, returns = c.returns, ping_pong = c.ping_pong,
       round = c.round, voices = c.voices, off_list = c.off_list, merged_into = c.merged_into, exempt = c.exempt,
       exemption_asked = c.exemption_asked, calendar = c.calendar, calendar_version = c.calendar_version,
       provisional = c.provisional, case_calendar = c.case_calendar, case_calendar_version = c.case_calendar_version,
       level = c.level, coordinator = c.coordinator, contact = c.contact, passed_up = c.passed_up,
       escalations = c.escalations, escalated_at = c.escalated_at, missed_due = c.missed_due,
       missed_by = c.missed_by, missed_grid = c.missed_grid,
       stopped_at = c.stopped_at, suspended_until = c.suspended_until, suspensions = c.suspensions,
       suspension_asked = c.suspension_asked, extensions = c.extensions, extension_asked = c.extension_asked,
       appeal = c.appeal, supervised = c.supervised, supervision_due = c.supervision_due,
       supervisions = c.supervisions, dispatch_due = c.dispatch_due, accept_due = c.accept_due,
       contact_due = c.contact_due, feedback_due = c.feedback_due, check_due = c.check_due,
       call_back_due = c.call_back_due,
       timing = c.timing, fires_at = c.fires_at
  FROM json_populate_recordset(NULL::issue_board, %(rows)s::json) AS c
 WHERE b.log_id = %(log_id)s AND b.generation = %(generation)s AND b.id = c.id

-- analyze --
ANALYZE issue_board (log_id, generation, id)

-- drop --
DELETE FROM issue_board
 WHERE log_id = %(log_id)s AND generation = %(generation)s AND number > %(after)s AND number <= %(upto)s
