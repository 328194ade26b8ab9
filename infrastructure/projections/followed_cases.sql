-- A request by its number, for whoever asked it: where it stands, and neither words nor names of staff.

-- find --
SELECT r.log_id, r.id, r.number, r.stage, r.kind, r.category, r.place, r.received_at, r.diversion, r.round,
       r.fed_back_at, r.called_back_at, r.closed_at, r.call_back_valid, r.said_contacted, r.said_solved,
       r.said_satisfaction, i.id AS issue, i.stage AS issue_stage, coalesce(i.lead, '') AS lead, i.due, i.assigned_at,
       i.accepted_at, i.resolved_at, i.suspended_until
  FROM served_request r
  LEFT JOIN issue_board i ON i.log_id = r.log_id AND i.generation = r.generation AND i.id = r.handled_in
 WHERE r.log_id = %(log_id)s AND r.number = %(number)s

-- measures --
SELECT t.happened_at AS at, t.facts ->> 'measure' AS measure,
       ARRAY(SELECT line FROM jsonb_array_elements_text(t.facts -> 'evidence') line WHERE line ~ '^[0-9a-f]{64}$') AS pictures
  FROM served_timeline t
 WHERE t.log_id = %(log_id)s AND t.case_id = %(issue)s AND t.topic IN ('issue.resolved', 'issue.solved_on_spot')
 ORDER BY t.version
