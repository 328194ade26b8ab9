-- issues --
SELECT i.log_id, i.id, i.number, i.version, i.stage, i.grid, i.grid_edition, i.community, i.street, i.category,
       i.channel, i.urgency, i.longitude, i.latitude, i.lead, i.copies, i.assists, i.handler, i.reported_by,
       i.reported_at, i.filed_at, i.assigned_at, i.accepted_at, i.resolved_at, i.checked_at, i.closed_at,
       i.changed_at, i.limit_amount, i.limit_unit, i.clock_start, i.due, i.case_due, i.overdue, i.solved_level,
       i.assignments, i.returns, i.ping_pong, i.round, i.voices, i.off_list, i.merged_into, i.exempt,
       i.exemption_asked, i.stopped_at, i.suspended_until, i.suspension_asked, i.extensions, i.extension_asked,
       i.appeal, i.supervised, i.supervision_due,
       i.dispatch_due, i.accept_due, i.contact_due, i.feedback_due, i.check_due, i.call_back_due,
       i.level, i.coordinator, i.contact, i.escalations, i.escalated_at, i.missed_due,
       CASE WHEN d.subject IS NULL THEN 'none' WHEN k.destroyed_at IS NOT NULL THEN 'erased'
            WHEN NOT %(words)s OR k.restricted_at IS NOT NULL THEN 'sealed' ELSE 'open' END AS text_state,
       i.subject, k.kek_id, k.wrapped, d.value AS text, d.sealed AS text_sealed
  FROM served_issue i
  LEFT JOIN personal_detail d ON d.log_id = i.log_id AND d.subject = i.subject AND d.field = 'text'
  LEFT JOIN vault.subject_key k ON k.log_id = i.log_id AND k.subject = d.subject
 WHERE i.log_id = ANY(%(logs)s)
   AND i.grid LIKE ANY(%(areas)s)
   AND (%(own_units)s::text[] IS NULL OR i.lead = ANY(%(own_units)s) OR (i.copies || i.assists) && %(own_units)s
        OR i.coordinator = ANY(%(own_units)s) OR i.contact = %(actor)s
        OR EXISTS (SELECT FROM whistle_board w
                    WHERE w.log_id = i.log_id AND w.generation = i.generation AND w.issue = i.id
                      AND w.called && %(own_units)s AND w.stage <> 'withdrawn'))
   AND (%(id)s::uuid IS NULL OR i.id = %(id)s)
   AND (%(ids)s::uuid[] IS NULL OR i.id = ANY(%(ids)s))
   AND (%(stages)s::text[] IS NULL OR i.stage = ANY(%(stages)s))
   AND (%(places)s::text[] IS NULL OR i.grid LIKE ALL(%(places)s))
   AND (%(unit)s::text IS NULL OR i.lead = %(unit)s)
   AND (%(category)s::text IS NULL OR i.category = %(category)s)
   AND (%(channel)s::text IS NULL OR i.channel = %(channel)s)
   AND (%(due_before)s::timestamptz IS NULL OR i.due < %(due_before)s)
   AND (%(due_from)s::timestamptz IS NULL OR i.due >= %(due_from)s)
   AND (NOT %(undecided)s OR (i.overdue IS NULL AND i.stage NOT IN ('voided', 'merged', 'returned')))
   AND (%(overdue)s::boolean IS NULL
        OR %(overdue)s = coalesce(i.overdue, i.due < least(%(now)s, i.stopped_at) AND i.stage NOT IN ('voided', 'merged'), false))
   AND (%(since)s::timestamptz IS NULL OR i.reported_at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR i.reported_at < %(until)s)
   AND (%(after_at)s::timestamptz IS NULL OR (i.reported_at, i.id) < (%(after_at)s, %(after_id)s::uuid))
 ORDER BY i.reported_at DESC, i.id DESC
 LIMIT %(limit)s

-- requests --
SELECT r.log_id, r.id, r.number, r.version, r.stage, r.kind, r.channel, r.place, r.community, r.street, r.category,
       r.longitude, r.latitude, r.issue, coalesce(i.lead, '') AS lead, i.due, r.received_by, r.received_at,
       r.diversion, r.contacted_at, r.fed_back_at, r.called_back_at, r.closed_at, r.changed_at, r.call_back_valid,
       r.said_contacted, r.said_solved, r.said_satisfaction, r.round, r.confidential, r.source, r.external_id,
       r.exempt, r.exemption_asked,
       CASE WHEN d.subject IS NULL THEN 'none' WHEN k.destroyed_at IS NOT NULL THEN 'erased'
            WHEN NOT %(words)s OR k.restricted_at IS NOT NULL THEN 'sealed' ELSE 'open' END AS text_state,
       r.subject, k.kek_id, k.wrapped, t.value AS title, t.sealed AS title_sealed, d.value AS text,
       d.sealed AS text_sealed
  FROM served_request r
  LEFT JOIN issue_board i ON i.log_id = r.log_id AND i.generation = r.generation AND i.id = r.handled_in
  LEFT JOIN personal_detail t ON t.log_id = r.log_id AND t.subject = r.subject AND t.field = 'title'
  LEFT JOIN personal_detail d ON d.log_id = r.log_id AND d.subject = r.subject AND d.field = 'text'
  LEFT JOIN vault.subject_key k ON k.log_id = r.log_id AND k.subject = r.subject
 WHERE r.log_id = ANY(%(logs)s)
   AND (r.place LIKE ANY(%(areas)s) OR (r.place = ANY(%(wider)s) AND i.lead = ANY(%(actor_units)s)))
   AND (r.complained_about = '' OR r.complained_about NOT IN (%(actor)s, %(actor_unit)s))
   AND (%(own_units)s::text[] IS NULL OR i.lead = ANY(%(own_units)s) OR (i.copies || i.assists) && %(own_units)s)
   AND (%(id)s::uuid IS NULL OR r.id = %(id)s)
   AND (%(ids)s::uuid[] IS NULL OR r.id = ANY(%(ids)s))
   AND (%(stages)s::text[] IS NULL OR r.stage = ANY(%(stages)s))
   AND (%(places)s::text[] IS NULL OR r.place LIKE ALL(%(places)s))
   AND (%(unit)s::text IS NULL OR i.lead = %(unit)s)
   AND (%(category)s::text IS NULL OR r.category = %(category)s)
   AND (%(channel)s::text IS NULL OR r.channel = %(channel)s)
   AND (%(issue)s::uuid IS NULL OR r.issue = %(issue)s OR r.handled_in = %(issue)s)
   AND (%(external_id)s::text IS NULL OR r.external_id = %(external_id)s)
   AND (%(due_before)s::timestamptz IS NULL OR i.due < %(due_before)s)
   AND (%(due_from)s::timestamptz IS NULL OR i.due >= %(due_from)s)
   AND (NOT %(undecided)s OR (i.overdue IS NULL AND i.stage NOT IN ('voided', 'merged', 'returned')))
   AND (%(overdue)s::boolean IS NULL
        OR %(overdue)s = coalesce(i.overdue, i.due < least(%(now)s, i.stopped_at) AND i.stage NOT IN ('voided', 'merged'), false))
   AND (%(tags)s::jsonb IS NULL
        OR r.subject IN (SELECT p.subject FROM personal_detail p
                          WHERE p.log_id = r.log_id AND p.tag = (%(tags)s::jsonb ->> p.log_id)::int))
   AND (%(since)s::timestamptz IS NULL OR r.received_at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR r.received_at < %(until)s)
   AND (%(after_at)s::timestamptz IS NULL OR (r.received_at, r.id) < (%(after_at)s, %(after_id)s::uuid))
 ORDER BY r.received_at DESC, r.id DESC
 LIMIT %(limit)s

-- details --
SELECT d.log_id, d.subject, d.field, d.value, d.sealed, k.kek_id, k.wrapped,
       CASE WHEN k.destroyed_at IS NOT NULL THEN 'erased'
            WHEN NOT %(words)s OR d.field = ANY(%(hidden)s) OR k.restricted_at IS NOT NULL THEN 'sealed'
            ELSE 'open' END AS state
  FROM served_request r
  JOIN personal_detail d ON d.log_id = r.log_id AND d.subject = r.subject
  LEFT JOIN vault.subject_key k ON k.log_id = r.log_id AND k.subject = r.subject
 WHERE r.log_id = %(log_id)s AND r.id = %(id)s
 ORDER BY d.field

-- work --
-- What waits, by each reason to wait: every branch has an index of its own, as one condition with OR would have none.
WITH issue AS (
    SELECT i.log_id, i.id, i.grid FROM served_issue i WHERE i.log_id = ANY(%(logs)s) AND i.stage = ANY(%(issue_stages)s)
     UNION
    SELECT i.log_id, i.id, i.grid FROM served_issue i
     WHERE i.log_id = ANY(%(logs)s) AND i.stage = ANY(%(led_issue_stages)s) AND i.lead = ANY(%(units)s)
     UNION
    SELECT i.log_id, i.id, i.grid FROM served_issue i
     WHERE %(handles)s AND i.coordinator <> '' AND i.log_id = ANY(%(logs)s) AND i.coordinator = ANY(%(units)s)
       AND i.stage = ANY(%(unfinished)s)
     UNION
    SELECT i.log_id, i.id, i.grid FROM served_issue i
     WHERE i.contact <> '' AND i.log_id = ANY(%(logs)s) AND i.contact = %(contact)s AND i.stage = ANY(%(unfinished)s)
     UNION
    SELECT i.log_id, i.id, i.grid FROM served_issue i WHERE %(exemptions)s AND i.exemption_asked AND i.log_id = ANY(%(logs)s)
     UNION
    -- What somebody asked or was ordered beside the stages. The first line is that of the index.
    SELECT i.log_id, i.id, i.grid FROM served_issue i
     WHERE (i.extension_asked <> '' OR i.suspension_asked OR i.appeal IN ('asked', 'endorsed') OR i.supervised > 0)
       AND i.log_id = ANY(%(logs)s)
       AND ((i.stage = 'accepted' AND (%(dispatches)s AND i.extension_asked = 'endorsed'
                                       OR %(supervises)s AND i.extension_asked = 'asked' AND i.lead = ANY(%(units)s)
                                       OR (%(dispatches)s OR %(supervises)s) AND i.suspension_asked))
            OR (i.stage = 'closed' AND i.appeal = ANY(%(appeals)s))
            OR (%(handles)s AND i.supervision_due IS NOT NULL AND i.lead = ANY(%(units)s)
                AND i.stage NOT IN ('returned', 'merged', 'voided'))
            OR ((%(dispatches)s OR %(supervises)s) AND i.supervised > cardinality(i.supervisions)))
), request AS (
    SELECT r.log_id, r.id, r.number, r.version, r.stage, r.place, r.category, i.lead, i.due, r.changed_at, r.complained_about
      FROM served_request r
      LEFT JOIN issue_board i ON i.log_id = r.log_id AND i.generation = r.generation AND i.id = r.handled_in
     WHERE r.log_id = ANY(%(logs)s) AND r.stage = ANY(%(request_stages)s)
     UNION
    SELECT r.log_id, r.id, r.number, r.version, r.stage, r.place, r.category, i.lead, i.due, r.changed_at, r.complained_about
      FROM served_request r
      JOIN issue_board i ON i.log_id = r.log_id AND i.generation = r.generation AND i.id = r.handled_in
     WHERE r.log_id = ANY(%(logs)s) AND r.stage = ANY(%(led_request_stages)s) AND i.lead = ANY(%(units)s)
     UNION
    SELECT r.log_id, r.id, r.number, r.version, r.stage, r.place, r.category, i.lead, i.due, r.changed_at, r.complained_about
      FROM served_request r
      JOIN issue_board i ON i.log_id = r.log_id AND i.generation = r.generation AND i.id = r.handled_in
     WHERE %(calls_back)s AND r.log_id = ANY(%(logs)s) AND r.stage IN ('attached', 'contacted', 'fed_back')
       AND r.place LIKE ANY(%(areas)s)
       AND (i.due <= %(now)s AND i.stage <> 'suspended' OR i.due IS NULL AND i.stage IN ('solved', 'checked', 'closed'))
     UNION
    SELECT r.log_id, r.id, r.number, r.version, r.stage, r.place, r.category, i.lead, i.due, r.changed_at, r.complained_about
      FROM served_request r
      LEFT JOIN issue_board i ON i.log_id = r.log_id AND i.generation = r.generation AND i.id = r.handled_in
     WHERE %(exemptions)s AND r.exemption_asked AND r.log_id = ANY(%(logs)s)
)
SELECT 'issue' AS "case", i.log_id, i.id, i.number, i.version, i.stage, i.grid AS place, i.category, i.lead,
       i.handler, i.due, i.changed_at AS since
  FROM issue JOIN served_issue i USING (log_id, id)
 WHERE issue.grid LIKE ANY(%(areas)s)
UNION ALL
SELECT 'request', r.log_id, r.id, r.number, r.version, r.stage, r.place, r.category, coalesce(r.lead, ''), '', r.due,
       r.changed_at
  FROM request r
 WHERE (r.place LIKE ANY(%(areas)s) OR (r.place = ANY(%(wider)s) AND r.lead = ANY(%(actor_units)s)))
   AND (r.complained_about = '' OR r.complained_about NOT IN (%(actor)s, %(actor_unit)s))
UNION ALL
SELECT 'whistle', w.log_id, w.id, w.number, w.version, w.stage, w.grid, '', w.caller, '',
       CASE WHEN w.stage = 'sounding' THEN w.due END, w.changed_at
  FROM served_whistle w
 WHERE w.log_id = ANY(%(logs)s)
   AND w.grid LIKE ANY(%(areas)s)
   AND ((%(handles)s AND w.awaited && %(units)s)
        OR ((%(dispatches)s OR %(supervises)s) AND w.caller_awaited AND w.caller = ANY(%(units)s)))
 ORDER BY due NULLS LAST, since, id
 LIMIT %(limit)s

-- whistles --
SELECT w.log_id, w.id, w.number, w.version, w.stage, w.issue, w.grid, w.caller, w.occasion, w.about, w.called,
       w.awaited, w.caller_awaited, w.late, w.absent, w.arrivals, w.ratings, w.verdicts, w.blown_by, w.blown_at, w.due, w.ended_at,
       w.measure, w.changed_at
  FROM served_whistle w
 WHERE w.log_id = ANY(%(logs)s)
   AND w.grid LIKE ANY(%(areas)s)
   AND (%(own_units)s::text[] IS NULL OR w.called && %(own_units)s OR w.caller = ANY(%(own_units)s))
   AND (%(id)s::uuid IS NULL OR w.id = %(id)s)
   AND (%(issue)s::uuid IS NULL OR w.issue = %(issue)s)
   AND (%(called)s::text[] IS NULL OR w.called && %(called)s)
   AND (%(caller)s::text IS NULL OR w.caller = %(caller)s)
   AND (%(stages)s::text[] IS NULL OR w.stage = ANY(%(stages)s))
   AND (%(late)s::boolean IS NULL
        OR %(late)s = (w.late <> '{}' OR w.absent <> '{}'
                       OR (w.stage = 'sounding' AND w.due < %(now)s AND w.awaited <> '{}')))
   AND (%(after_at)s::timestamptz IS NULL OR (w.blown_at, w.id) < (%(after_at)s, %(after_id)s::uuid))
 ORDER BY w.blown_at DESC, w.id DESC
 LIMIT %(limit)s

-- position --
SELECT CASE WHEN count(DISTINCT g.projection) < %(projections)s THEN 0 ELSE min(p.position) END
  FROM projection_generation g
  JOIN projection_progress p ON p.log_id = g.log_id AND p.projection = g.projection AND p.generation = g.generation
 WHERE g.log_id = %(log_id)s AND g.state = 'active'
