-- restrict --
UPDATE vault.subject_key SET restricted_at = coalesce(restricted_at, clock_timestamp())
 WHERE log_id = %(log_id)s AND subject = %(subject)s

-- lock_key --
SELECT kek_id, wrapped, key_digest
  FROM vault.subject_key
 WHERE log_id = %(log_id)s AND subject = %(subject)s
   FOR UPDATE

-- kept --
SELECT field, sealed
  FROM personal_detail
 WHERE log_id = %(log_id)s AND subject = %(subject)s AND sealed IS NOT NULL
 ORDER BY field

-- put_aside --
INSERT INTO vault.leaving_words (log_id, subject, kek_id, wrapped, sealed)
VALUES (%(log_id)s, %(subject)s, %(kek_id)s, %(wrapped)s, %(sealed)s)
    ON CONFLICT (log_id, subject) DO NOTHING

-- destroy_key --
UPDATE vault.subject_key
   SET wrapped = NULL, destroyed_at = clock_timestamp(), key_digest = %(key_digest)s
 WHERE log_id = %(log_id)s AND subject = %(subject)s

-- leaving_words --
SELECT kek_id, wrapped, sealed FROM vault.leaving_words WHERE log_id = %(log_id)s AND subject = %(subject)s

-- drop_words --
DELETE FROM vault.leaving_words WHERE log_id = %(log_id)s AND subject = %(subject)s

-- clean_details --
UPDATE personal_detail SET sealed = NULL, value = NULL, tag = NULL
 WHERE log_id = %(log_id)s AND subject = %(subject)s

-- clean_answers --
-- A caller's own key may say anything; a retry after an erasure is an order of its own.
UPDATE request_answer
   SET key = CASE WHEN key LIKE 'erased %%' THEN key ELSE 'erased ' || encode(sha256(convert_to(key, 'UTF8')), 'hex') END
 WHERE log_id = %(log_id)s AND case_id = %(case)s

-- clean_snapshots --
DELETE FROM snapshot WHERE log_id = %(log_id)s AND stream_id = %(case)s

-- sweep --
SELECT place, looked_at, holding FROM sweep_for(%(words)s::text[])

-- begun --
SELECT stream_id FROM stream_head WHERE log_id = %(log_id)s AND type = 'erasure' ORDER BY last_position
