-- of_log --
SELECT h.stream_id AS stream, h.last_position AS position, l.recorded_at,
       (SELECT max(c.position) FROM event c
         WHERE c.log_id = h.log_id AND c.stream_id = h.stream_id AND c.topic = 'erasure.certified') AS certificate
  FROM stream_head h
  JOIN event l ON l.log_id = h.log_id AND l.position = h.last_position
 WHERE h.log_id = %(log_id)s AND h.type = 'erasure' AND h.last_position < %(before)s
 ORDER BY h.last_position DESC
 LIMIT %(limit)s
