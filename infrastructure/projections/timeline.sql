-- keep --
COPY timeline (log_id, generation, position, case_id, version, topic, happened_at, recorded_at, by, role, of_unit,
               reason, facts)
FROM STDIN

-- analyze --
ANALYZE timeline (log_id, generation, position)

-- drop --
DELETE FROM timeline
 WHERE log_id = %(log_id)s AND generation = %(generation)s AND position > %(after)s AND position <= %(upto)s

-- of_case --
SELECT position, version, topic, happened_at, recorded_at, by, role, of_unit, reason, facts
  FROM served_timeline
 WHERE log_id = %(log_id)s AND case_id = %(id)s AND version > %(after)s
 ORDER BY version
 LIMIT %(limit)s
