-- empty --
DELETE FROM timeline WHERE log_id = %(log_id)s

-- keep --
INSERT INTO timeline (log_id, position, case_id, version, topic, happened_at, recorded_at, by, role, of_unit, reason,
                      facts)
VALUES (%(log_id)s, %(position)s, %(id)s, %(version)s, %(topic)s, %(at)s, %(recorded_at)s, %(by)s, %(role)s,
        %(of_unit)s, %(reason)s, %(facts)s)

-- of_case --
SELECT position, version, topic, happened_at, recorded_at, by, role, of_unit, reason, facts
  FROM timeline
 WHERE log_id = %(log_id)s AND case_id = %(id)s AND version > %(after)s
 ORDER BY version
 LIMIT %(limit)s
