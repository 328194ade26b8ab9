-- fetch --
SELECT to_json(i)::text
  FROM issue_board i
 WHERE i.log_id = %(log_id)s AND i.generation = %(generation)s AND i.id = ANY(%(ids)s::uuid[])

-- write --
INSERT INTO issue_board (log_id, generation, id, number, version, stage, grid, grid_edition, category, channel, urgency,
                         longitude, latitude, subject, lead, copies, assists, handler, reported_by, reported_at,
                         filed_at, assigned_at, accepted_at, resolved_at, checked_at, closed_at, changed_at,
                         limit_amount, limit_unit, clock_start, due, case_due, overdue, solved_level, assignments,
                         returns, ping_pong, round, voices, off_list, merged_into, exempt, exemption_asked)
SELECT %(log_id)s, %(generation)s, id, number, version, stage, grid, grid_edition, category, channel, urgency,
       longitude, latitude, subject, lead, copies, assists, handler, reported_by, reported_at,
       filed_at, assigned_at, accepted_at, resolved_at, checked_at, closed_at, changed_at,
       limit_amount, limit_unit, clock_start, due, case_due, overdue, solved_level, assignments,
       returns, ping_pong, round, voices, off_list, merged_into, exempt, exemption_asked
  FROM json_populate_recordset(NULL::issue_board, %(rows)s::json)
    ON CONFLICT (log_id, generation, id) DO UPDATE
   SET version = excluded.version, stage = excluded.stage, category = excluded.category, lead = excluded.lead,
       copies = excluded.copies, assists = excluded.assists, handler = excluded.handler,
       filed_at = excluded.filed_at, assigned_at = excluded.assigned_at, accepted_at = excluded.accepted_at,
       resolved_at = excluded.resolved_at, checked_at = excluded.checked_at, closed_at = excluded.closed_at,
       changed_at = excluded.changed_at, limit_amount = excluded.limit_amount, limit_unit = excluded.limit_unit,
       clock_start = excluded.clock_start, due = excluded.due, case_due = excluded.case_due,
       overdue = excluded.overdue, solved_level = excluded.solved_level, assignments = excluded.assignments,
       returns = excluded.returns, ping_pong = excluded.ping_pong, round = excluded.round, voices = excluded.voices,
       off_list = excluded.off_list, merged_into = excluded.merged_into, exempt = excluded.exempt,
       exemption_asked = excluded.exemption_asked

-- analyze --
ANALYZE issue_board (log_id, generation, id)

-- drop --
DELETE FROM issue_board
 WHERE log_id = %(log_id)s AND generation = %(generation)s AND number > %(after)s AND number <= %(upto)s
