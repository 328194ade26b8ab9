-- touched --
-- After the text that says which facts count. Of a log that was not there then, everything is new.
SELECT f.key, f.case_id, f.case_kind, f.answer, f.exempt AS excluded
  FROM fact f
 WHERE EXISTS (
       SELECT FROM served_outcome o
         LEFT JOIN unnest(%(since_logs)s::text[], %(since)s::bigint[]) AS s (log_id, position) ON s.log_id = o.log_id
        WHERE o.log_id = f.log_id AND o.case_id = f.case_id AND o.kind = f.kind AND o.nth = f.nth
          AND greatest(o.known_from, o.known_to, o.done_in, o.exempt_in) > coalesce(s.position, 0)
       )
 LIMIT %(limit)s
