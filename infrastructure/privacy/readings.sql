-- of_case --
SELECT t.log_id, t.position, t.recorded_at, t.by, t.role, t.of_unit, t.reason, t.facts ->> 'way' AS way,
       ARRAY(SELECT jsonb_array_elements_text(t.facts -> 'fields')) AS fields,
       jsonb_array_length(t.facts -> 'cases') AS cases
  FROM served_timeline t
 WHERE t.log_id = %(log_id)s AND t.topic = 'reading.recorded' AND t.facts -> 'cases' ? %(case)s
   AND t.position > %(after)s
 ORDER BY t.position
 LIMIT %(limit)s

-- of_log --
SELECT t.log_id, t.position, t.recorded_at, t.by, t.role, t.of_unit, t.reason, t.facts ->> 'way' AS way,
       ARRAY(SELECT jsonb_array_elements_text(t.facts -> 'fields')) AS fields,
       jsonb_array_length(t.facts -> 'cases') AS cases
  FROM served_timeline t
 WHERE t.log_id = %(log_id)s AND t.topic = 'reading.recorded' AND t.position < %(before)s
   AND (%(by)s = '' OR t.by = %(by)s)
 ORDER BY t.position DESC
 LIMIT %(limit)s
