-- What everybody may see of requests. The condition on `r` is that of the index request_board_public.

-- cases --
WITH page AS (
    SELECT c.*
      FROM projection_generation g
     CROSS JOIN LATERAL (
           SELECT r.log_id, r.id, r.subject, r.stage, i.stage AS issue_stage, s.merged, s.own, r.category, r.place,
                  s.longitude, s.latitude, coalesce(i.lead, '') AS lead, r.diversion, r.received_at, s.updated_at,
                  coalesce(i.case_due, i.due) AS due
             FROM request_board r
             LEFT JOIN issue_board i ON i.log_id = r.log_id AND i.generation = r.generation AND i.id = r.handled_in
            CROSS JOIN LATERAL (
                  -- Others' points are rounded to about a kilometre here, so that no question can tell them exactly.
                  SELECT r.received_by LIKE 'open311:%%' AS own, coalesce(r.handled_in <> r.issue, false) AS merged,
                         round(r.longitude::numeric, p.digits)::float8 AS longitude,
                         round(r.latitude::numeric, p.digits)::float8 AS latitude,
                         CASE WHEN r.stage = 'closed' THEN r.closed_at
                              ELSE greatest(r.changed_at, i.changed_at) END AS updated_at
                    FROM (SELECT CASE WHEN r.received_by LIKE 'open311:%%' THEN 6 ELSE 2 END AS digits) p
                  ) s
            WHERE r.log_id = g.log_id AND r.generation = g.generation
              AND r.channel = 'web' AND NOT r.confidential AND r.complained_about = '' AND r.category <> ''
              AND r.kind NOT IN ('complaint', 'report')
              AND (%(ids)s::uuid[] IS NULL OR r.id = ANY(%(ids)s))
              AND (%(area)s::text IS NULL OR r.place LIKE %(area)s)
              AND (%(services)s::text[] IS NULL OR r.category ~ ANY(%(services)s))
              AND (%(closed)s::boolean IS NULL OR %(closed)s = (s.merged OR r.stage = ANY(%(over)s)))
              AND (%(since)s::timestamptz IS NULL OR r.received_at >= %(since)s)
              AND (%(until)s::timestamptz IS NULL OR r.received_at < %(until)s)
              AND (%(updated_since)s::timestamptz IS NULL OR s.updated_at >= %(updated_since)s)
              AND (%(updated_until)s::timestamptz IS NULL OR s.updated_at < %(updated_until)s)
              AND (%(west)s::float8 IS NULL
                   OR s.longitude BETWEEN %(west)s AND %(east)s AND s.latitude BETWEEN %(south)s AND %(north)s)
              -- On ground this small the earth is flat; a degree of latitude is 111.32 km.
              AND (%(metres)s::float8 IS NULL
                   OR ((s.longitude - %(longitude)s) * cos(radians(%(latitude)s))) ^ 2 + (s.latitude - %(latitude)s) ^ 2
                      <= (%(metres)s / 111320.0) ^ 2)
            ORDER BY r.received_at DESC, r.id
            LIMIT %(upto)s
           ) c
     WHERE g.projection = 'board' AND g.state = 'active' AND g.log_id = ANY(%(logs)s)
     ORDER BY c.received_at DESC, c.id
     LIMIT %(limit)s OFFSET %(offset)s
)
SELECT c.log_id, c.id, c.stage, c.issue_stage, c.merged, c.own, c.category, c.place, c.longitude, c.latitude, c.lead,
       c.diversion, c.received_at, c.updated_at, c.due,
       CASE WHEN d.subject IS NULL THEN 'none' WHEN k.destroyed_at IS NOT NULL THEN 'erased'
            WHEN NOT c.own OR k.restricted_at IS NOT NULL THEN 'sealed' ELSE 'open' END AS text_state,
       c.subject, k.kek_id, k.wrapped, d.value AS text, d.sealed AS text_sealed,
       CASE WHEN c.own AND k.destroyed_at IS NULL AND k.restricted_at IS NULL THEN m.digests ELSE '{}' END AS pictures
  FROM page c
  LEFT JOIN personal_detail d ON d.log_id = c.log_id AND d.subject = c.subject AND d.field = 'text'
  LEFT JOIN vault.subject_key k ON k.log_id = c.log_id AND k.subject = c.subject
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(a.digest ORDER BY u.named_at, a.digest), '{}') AS digests
         FROM attachment_use u
         JOIN attachment a ON a.digest = u.digest AND a.stored AND a.width IS NOT NULL
        WHERE u.log_id = c.log_id AND u.case_id = c.id AND u.erased_at IS NULL
       ) m
 ORDER BY c.received_at DESC, c.id

-- updates --
-- A step of an issue is one of each request that is attached to it.
SELECT t.log_id, t.position, r.id AS request, r.number, t.topic, t.recorded_at, t.facts ->> 'code' AS code,
       (t.facts ->> 'reached')::boolean AS reached
  FROM served_timeline t
  JOIN unnest(%(logs)s::text[], %(after)s::bigint[], %(upto)s::bigint[]) AS l (log_id, after, upto)
    ON l.log_id = t.log_id AND t.position > l.after AND t.position <= l.upto
 CROSS JOIN LATERAL (
       SELECT s.id, s.number, s.channel, s.confidential, s.complained_about, s.category, s.kind, s.place
         FROM served_request s
        WHERE s.log_id = t.log_id AND s.id = t.case_id
       UNION ALL
       SELECT s.id, s.number, s.channel, s.confidential, s.complained_about, s.category, s.kind, s.place
         FROM served_request s
        WHERE s.log_id = t.log_id AND s.issue = t.case_id
       ) r
 WHERE t.topic = ANY(%(topics)s)
   AND r.channel = 'web' AND NOT r.confidential AND r.complained_about = '' AND r.category <> ''
   AND r.kind NOT IN ('complaint', 'report')
   AND (%(area)s::text IS NULL OR r.place LIKE %(area)s)
 ORDER BY t.recorded_at, t.log_id, t.position, r.number
 LIMIT %(limit)s OFFSET %(offset)s
