-- position --
SELECT position FROM projection_progress WHERE log_id = %(log_id)s AND projection = %(projection)s

-- move_position --
INSERT INTO projection_progress AS p (log_id, projection, position)
VALUES (%(log_id)s, %(projection)s, %(last)s)
    ON CONFLICT (log_id, projection) DO UPDATE SET position = excluded.position
 WHERE p.position = %(before)s

-- start_over --
INSERT INTO projection_progress AS p (log_id, projection, position)
VALUES (%(log_id)s, %(projection)s, 0)
    ON CONFLICT (log_id, projection) DO UPDATE SET position = 0
