-- in_clear --
SELECT log_id, subject, field, value
  FROM personal_detail
 WHERE value IS NOT NULL
 ORDER BY log_id, subject
 LIMIT %(limit)s
   FOR UPDATE SKIP LOCKED

-- seal --
UPDATE personal_detail SET sealed = %(sealed)s, tag = %(tag)s, value = NULL
 WHERE log_id = %(log_id)s AND subject = %(subject)s AND field = %(field)s

-- sweep --
VACUUM (FULL) personal_detail
