-- behind --
SELECT i.id
  FROM served_issue i
 WHERE i.log_id = %(log_id)s AND i.stage = ANY(%(stages)s)
   AND (i.calendar = %(calendar)s AND i.calendar_version <> %(version)s
        OR i.case_calendar = %(calendar)s AND i.case_calendar_version <> %(version)s
        OR EXISTS (SELECT FROM jsonb_each(i.timing -> 'stages') s
                    WHERE i.stage || ' ' || s.key = ANY(%(waited_for)s)
                      AND s.value ->> 'calendar' = %(calendar)s AND s.value ->> 'calendar_version' <> %(version)s))
   AND (%(after)s::uuid IS NULL OR i.id > %(after)s)
 ORDER BY i.id
 LIMIT %(limit)s
