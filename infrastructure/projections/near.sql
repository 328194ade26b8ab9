-- Unsettled issues thereabouts, those of the class and the nearest first, a bounded number; then their words, or those
-- of the first request that became each, unless it complains about who asks.

-- around --
SELECT i.log_id, i.id, i.number, i.version, i.stage, i.grid, i.category, i.lead, i.due, i.reported_at, i.voices,
       i.longitude, i.latitude, coalesce(v.id, i.id) AS told_in,
       CASE WHEN d.subject IS NULL THEN 'none' WHEN k.destroyed_at IS NOT NULL THEN 'erased'
            WHEN NOT %(words)s OR k.restricted_at IS NOT NULL THEN 'sealed' ELSE 'open' END AS text_state,
       coalesce(v.subject, i.subject) AS subject, k.kek_id, k.wrapped, d.value AS text, d.sealed AS text_sealed
  FROM (SELECT s.*
          FROM served_issue s
         WHERE s.log_id = ANY(%(logs)s)
           AND s.latitude BETWEEN %(south)s AND %(north)s AND s.longitude BETWEEN %(west)s AND %(east)s
           AND s.reported_at BETWEEN %(since)s AND %(until)s
           AND s.stage = ANY(%(unsettled)s)
           AND s.id IS DISTINCT FROM %(apart_from)s::uuid
           AND s.grid LIKE ANY(%(areas)s)
           AND (%(own_units)s::text[] IS NULL OR s.lead = ANY(%(own_units)s)
                OR (s.copies || s.assists) && %(own_units)s OR s.coordinator = ANY(%(own_units)s)
                OR s.contact = %(actor)s)
         ORDER BY s.category LIKE %(class)s DESC,
                  power((s.longitude - %(longitude)s) * cosd(s.latitude), 2) + power(s.latitude - %(latitude)s, 2), s.id
         LIMIT %(most)s) i
  LEFT JOIN personal_detail o ON o.log_id = i.log_id AND o.subject = i.subject AND o.field = 'text'
  LEFT JOIN LATERAL (SELECT r.id, r.subject FROM request_board r
                      WHERE r.log_id = i.log_id AND r.generation = i.generation AND r.issue = i.id
                        AND o.subject IS NULL
                        AND (r.complained_about = '' OR r.complained_about NOT IN (%(actor)s, %(actor_unit)s))
                      ORDER BY r.received_at, r.id LIMIT 1) v ON true
  LEFT JOIN personal_detail d ON d.log_id = i.log_id AND d.subject = coalesce(v.subject, i.subject) AND d.field = 'text'
  LEFT JOIN vault.subject_key k ON k.log_id = i.log_id AND k.subject = d.subject

-- in_place --
SELECT i.log_id, i.id, i.number, i.version, i.stage, i.grid, i.category, i.lead, i.due, i.reported_at, i.voices,
       i.longitude, i.latitude, coalesce(v.id, i.id) AS told_in,
       CASE WHEN d.subject IS NULL THEN 'none' WHEN k.destroyed_at IS NOT NULL THEN 'erased'
            WHEN NOT %(words)s OR k.restricted_at IS NOT NULL THEN 'sealed' ELSE 'open' END AS text_state,
       coalesce(v.subject, i.subject) AS subject, k.kek_id, k.wrapped, d.value AS text, d.sealed AS text_sealed
  FROM (SELECT s.*
          FROM served_issue s
         WHERE s.log_id = ANY(%(logs)s)
           AND s.grid LIKE %(place)s
           AND (NOT %(pointless)s OR s.latitude IS NULL)
           AND s.reported_at BETWEEN %(since)s AND %(until)s
           AND s.stage = ANY(%(unsettled)s)
           AND s.id IS DISTINCT FROM %(apart_from)s::uuid
           AND s.grid LIKE ANY(%(areas)s)
           AND (%(own_units)s::text[] IS NULL OR s.lead = ANY(%(own_units)s)
                OR (s.copies || s.assists) && %(own_units)s OR s.coordinator = ANY(%(own_units)s)
                OR s.contact = %(actor)s)
         ORDER BY s.category LIKE %(class)s DESC, s.reported_at DESC, s.id
         LIMIT %(most)s) i
  LEFT JOIN personal_detail o ON o.log_id = i.log_id AND o.subject = i.subject AND o.field = 'text'
  LEFT JOIN LATERAL (SELECT r.id, r.subject FROM request_board r
                      WHERE r.log_id = i.log_id AND r.generation = i.generation AND r.issue = i.id
                        AND o.subject IS NULL
                        AND (r.complained_about = '' OR r.complained_about NOT IN (%(actor)s, %(actor_unit)s))
                      ORDER BY r.received_at, r.id LIMIT 1) v ON true
  LEFT JOIN personal_detail d ON d.log_id = i.log_id AND d.subject = coalesce(v.subject, i.subject) AND d.field = 'text'
  LEFT JOIN vault.subject_key k ON k.log_id = i.log_id AND k.subject = d.subject
