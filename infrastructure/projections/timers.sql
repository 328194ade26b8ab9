-- due --
-- Issues by the index of timers; requests whose issue's limit has ended, among those that wait for it. An issue's due
-- instant still moves while it stands, so only of stages that go on to it, or have kept it.
SELECT d.at, d.number, d.id, d.of_request
  FROM (
       (SELECT i.fires_at AS at, i.number, i.id, false AS of_request
          FROM issue_board i
         WHERE i.log_id = %(log_id)s AND i.generation = %(generation)s
           AND i.fires_at <= %(now)s
           AND (%(after_at)s::timestamptz IS NULL OR (i.fires_at, i.number) > (%(after_at)s, %(after_number)s::bigint))
         ORDER BY i.fires_at, i.number
         LIMIT %(limit)s)
       UNION ALL
       (SELECT i.due, r.number, r.id, true
          FROM request_board r
          JOIN issue_board i ON i.log_id = r.log_id AND i.generation = r.generation AND i.id = r.handled_in
         WHERE r.log_id = %(log_id)s AND r.generation = %(generation)s
           AND r.stage IN ('attached', 'contacted', 'fed_back')
           AND i.due <= %(now)s AND i.stage = ANY(%(ending)s::text[])
           AND r.limit_ended IS DISTINCT FROM i.due
           AND (%(after_at)s::timestamptz IS NULL OR (i.due, r.number) > (%(after_at)s, %(after_number)s::bigint))
         ORDER BY i.due, r.number
         LIMIT %(limit)s)
       ) d
 ORDER BY d.at, d.number
 LIMIT %(limit)s

-- generation --
SELECT generation FROM projection_generation
 WHERE log_id = %(log_id)s AND projection = 'board' AND state = 'active'

-- overdue --
-- What is to have fired and has not: how many issues, and since when the oldest.
SELECT count(*), min(i.fires_at)
  FROM served_issue i
 WHERE i.log_id = %(log_id)s AND i.fires_at <= %(now)s

-- clocks --
SELECT i.id, i.stage, i.lead, i.limit_amount, i.limit_unit, i.calendar, i.calendar_version, i.provisional, i.clock_start,
       i.due, i.case_due, i.stopped_at, i.resolved_at, i.assigned_at, i.accepted_at, i.checked_at, i.urgency, i.filed_at,
       i.case_calendar, i.case_calendar_version, i.timing, v.contact, v.feedback, v.call_back
  FROM served_issue i
  LEFT JOIN LATERAL (
       -- When the last of its voices was heard, told and asked; null while one waits.
       SELECT CASE WHEN bool_and(r.contacted_at IS NOT NULL) THEN max(r.contacted_at) END AS contact,
              CASE WHEN bool_and(r.fed_back_at IS NOT NULL) THEN max(r.fed_back_at) END AS feedback,
              CASE WHEN bool_and(r.called_back_at IS NOT NULL) THEN max(r.called_back_at) END AS call_back
         FROM request_board r
        WHERE r.log_id = i.log_id AND r.generation = i.generation AND r.handled_in = i.id) v ON true
 WHERE i.log_id = ANY(%(logs)s) AND i.id = ANY(%(ids)s::uuid[]) AND i.timing IS NOT NULL
