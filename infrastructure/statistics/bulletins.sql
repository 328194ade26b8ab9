-- issued --
SELECT b.id, b.nth, b.kind, b.scope, b.period, b.start, b."end", b.grouped_by, b.policy, b.issued_at, b.by, b.reason
  FROM served_bulletin b
 WHERE b.log_id = ANY(%(logs)s)
   AND (b.scope LIKE ANY(%(areas)s::text[]) OR b.scope = ANY(%(wider)s::text[]))
   AND (%(kind)s::text IS NULL OR b.kind = %(kind)s)
   AND (%(scope)s::text IS NULL OR b.scope = %(scope)s)
   AND (%(after_at)s::timestamptz IS NULL
        OR (b.issued_at, b.id, b.nth) < (%(after_at)s, %(after_id)s::uuid, %(after_nth)s::bigint))
 ORDER BY b.issued_at DESC, b.id DESC, b.nth DESC
 LIMIT %(limit)s
