-- in_hand --
-- An issue is in the hands of its handler. A request still to be answered is in the hands of who contacted the
-- requester last, or took it over, since its issue went to the lead; before that it follows its issue.
WITH found AS (
    SELECT 'issue' AS "case", i.log_id, i.id, i.number, i.grid AS place, i.lead
      FROM served_issue i
     WHERE i.log_id = ANY(%(logs)s) AND i.stage = ANY(%(in_hand)s) AND i.handler = %(staff)s
    UNION ALL
    SELECT 'request', r.log_id, r.id, r.number, r.place, i.lead
      FROM served_request r
      JOIN issue_board i ON i.log_id = r.log_id AND i.generation = r.generation AND i.id = r.handled_in
      LEFT JOIN LATERAL (
          SELECT CASE t.topic WHEN 'request.handed_over' THEN t.facts ->> 'to_staff' ELSE t.by END AS staff
            FROM served_timeline t
           WHERE t.log_id = r.log_id AND t.case_id = r.id AND t.happened_at >= i.assigned_at
             AND t.topic IN ('request.requester_contacted', 'request.handed_over')
           ORDER BY t.version DESC
           LIMIT 1
      ) last ON true
     WHERE r.log_id = ANY(%(logs)s) AND r.stage = ANY(%(to_answer)s) AND i.lead = %(unit)s
       AND %(staff)s = coalesce(last.staff, CASE WHEN i.stage = ANY(%(resolved)s) THEN i.handler END)
)
SELECT count(*) OVER () AS total, f."case", f.log_id, f.id, f.number, f.place, f.lead
  FROM found f
 ORDER BY f.log_id, f.number
 LIMIT %(limit)s
