-- Who adds to an attachment or takes it away holds its row; who names it shares it.

-- renew --
WITH brought AS (
    INSERT INTO attachment_upload (digest, brought_by, brought_at)
    SELECT a.digest, %(by)s, %(at)s
      FROM attachment a
     WHERE a.digest = %(digest)s AND a.stored
       FOR UPDATE
        ON CONFLICT (digest, brought_by)
        DO UPDATE SET brought_at = greatest(attachment_upload.brought_at, excluded.brought_at)
    RETURNING digest
)
SELECT a.media_type, a.bytes, a.width, a.height, k.kek_id, k.wrapped, k.told
  FROM brought b
  JOIN attachment a ON a.digest = b.digest
  JOIN vault.attachment_key k ON k.digest = b.digest

-- admit --
INSERT INTO attachment (digest, media_type, bytes, width, height)
VALUES (%(digest)s, %(media_type)s, %(bytes)s, %(width)s, %(height)s)
    ON CONFLICT (digest) DO UPDATE SET media_type = excluded.media_type

-- bring --
INSERT INTO attachment_upload (digest, brought_by, brought_at)
VALUES (%(digest)s, %(by)s, %(at)s)
    ON CONFLICT (digest, brought_by)
    DO UPDATE SET brought_at = greatest(attachment_upload.brought_at, excluded.brought_at)

-- make_key --
INSERT INTO vault.attachment_key (digest, kek_id, wrapped)
VALUES (%(digest)s, %(kek_id)s, %(wrapped)s)
    ON CONFLICT (digest) DO NOTHING

-- key --
SELECT kek_id, wrapped FROM vault.attachment_key WHERE digest = %(digest)s

-- tell --
UPDATE vault.attachment_key SET told = %(told)s WHERE digest = %(digest)s

-- stored --
UPDATE attachment SET stored = true WHERE digest = %(digest)s

-- kept --
SELECT a.media_type, a.width IS NOT NULL AS drawn, k.kek_id, k.wrapped
  FROM attachment a
  JOIN vault.attachment_key k ON k.digest = a.digest
 WHERE a.digest = %(digest)s AND a.stored

-- brought --
SELECT u.digest
  FROM attachment_upload u
  JOIN attachment a ON a.digest = u.digest
 WHERE u.digest = ANY(%(digests)s) AND u.brought_by = %(by)s AND u.brought_at >= %(since)s AND a.stored

-- uses --
SELECT u.case_id, u.kind
  FROM attachment_use u
  LEFT JOIN vault.subject_key k ON k.log_id = u.log_id AND k.subject = u.subject
 WHERE u.digest = %(digest)s AND u.erased_at IS NULL AND k.restricted_at IS NULL AND k.destroyed_at IS NULL
   AND (%(case)s::uuid IS NULL OR u.case_id = %(case)s)
 ORDER BY u.named_at DESC
 LIMIT %(limit)s

-- of_case --
SELECT a.digest, a.media_type, a.bytes, a.width, a.height
  FROM attachment_use u
  JOIN attachment a ON a.digest = u.digest AND a.stored
  LEFT JOIN vault.subject_key k ON k.log_id = u.log_id AND k.subject = u.subject
 WHERE u.log_id = %(log_id)s AND u.case_id = %(case)s
   AND u.erased_at IS NULL AND k.restricted_at IS NULL AND k.destroyed_at IS NULL
 ORDER BY u.named_at, u.digest

-- name --
WITH held AS (SELECT digest FROM attachment WHERE digest = ANY(%(digests)s) AND stored FOR SHARE)
INSERT INTO attachment_use (log_id, case_id, digest, kind, subject)
SELECT %(log_id)s, %(case)s, h.digest, %(kind)s, %(subject)s
  FROM unnest(%(digests)s::text[]) WITH ORDINALITY AS d (digest, nth)
  JOIN held h ON h.digest = d.digest
 ORDER BY d.nth
    ON CONFLICT (log_id, case_id, digest) DO NOTHING

-- named --
SELECT digest
  FROM attachment_use
 WHERE log_id = %(log_id)s AND case_id = %(case)s AND digest = ANY(%(digests)s) AND erased_at IS NULL

-- long_brought --
SELECT DISTINCT digest FROM attachment_upload WHERE brought_at < %(before)s LIMIT %(limit)s

-- lock --
SELECT digest FROM attachment WHERE digest = %(digest)s FOR UPDATE

-- idle --
SELECT NOT EXISTS (SELECT FROM attachment_use u WHERE u.digest = %(digest)s AND u.erased_at IS NULL)
       AND NOT EXISTS (SELECT FROM attachment_upload u WHERE u.digest = %(digest)s AND u.brought_at >= %(before)s)

-- drop_failed --
-- What a save noted that then recorded nothing: the case was never begun. Not of one that may be under way.
DELETE FROM attachment_use u
 WHERE u.digest = %(digest)s AND u.named_at < clock_timestamp() - interval '1 hour'
   AND NOT EXISTS (SELECT FROM stream_head h WHERE h.log_id = u.log_id AND h.stream_id = u.case_id)

-- leave --
UPDATE attachment SET stored = false WHERE digest = %(digest)s

-- drop_key --
DELETE FROM vault.attachment_key WHERE digest = %(digest)s

-- drop --
DELETE FROM attachment WHERE digest = %(digest)s

-- drop_uploads --
DELETE FROM attachment_upload WHERE digest = %(digest)s AND brought_at < %(before)s

-- forget --
UPDATE attachment_use SET erased_at = coalesce(erased_at, clock_timestamp())
 WHERE log_id = %(log_id)s AND subject = %(subject)s
RETURNING digest

-- forgotten --
-- A row there is again since then is of somebody who brought it anew, or of another case.
SELECT u.digest, EXISTS (SELECT FROM attachment a WHERE a.digest = u.digest) AS elsewhere
  FROM attachment_use u
 WHERE u.log_id = %(log_id)s AND u.subject = %(subject)s AND u.erased_at IS NOT NULL
 ORDER BY u.digest
