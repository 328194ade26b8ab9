-- standing --
SELECT kek_id, count(*)
  FROM (SELECT kek_id FROM vault.subject_key WHERE wrapped IS NOT NULL
         UNION ALL SELECT kek_id FROM vault.index_key
         UNION ALL SELECT kek_id FROM vault.attachment_key
         UNION ALL SELECT kek_id FROM vault.leaving_words
         UNION ALL SELECT kek_id FROM vault.webhook_secret) k
 GROUP BY kek_id

-- older_subject_keys --
SELECT log_id, subject, kek_id, wrapped
  FROM vault.subject_key
 WHERE wrapped IS NOT NULL AND kek_id <> %(kek_id)s
   AND (%(after_log)s::text IS NULL OR (log_id, subject) > (%(after_log)s, %(after_subject)s::uuid))
 ORDER BY log_id, subject
 LIMIT %(limit)s

-- rewrap_subject_key --
UPDATE vault.subject_key SET kek_id = %(kek_id)s, wrapped = %(wrapped)s
 WHERE log_id = %(log_id)s AND subject = %(subject)s AND wrapped = %(before)s

-- index_keys --
SELECT log_id, kek_id, wrapped FROM vault.index_key WHERE kek_id <> %(kek_id)s

-- rewrap_index_key --
UPDATE vault.index_key SET kek_id = %(kek_id)s, wrapped = %(wrapped)s WHERE log_id = %(log_id)s AND wrapped = %(before)s

-- older_attachment_keys --
SELECT digest, kek_id, wrapped
  FROM vault.attachment_key
 WHERE kek_id <> %(kek_id)s AND digest > %(after)s
 ORDER BY digest
 LIMIT %(limit)s

-- rewrap_attachment_key --
UPDATE vault.attachment_key SET kek_id = %(kek_id)s, wrapped = %(wrapped)s WHERE digest = %(digest)s AND wrapped = %(before)s

-- webhook_secrets --
SELECT webhook, version, kek_id, wrapped FROM vault.webhook_secret WHERE kek_id <> %(kek_id)s

-- rewrap_webhook_secret --
UPDATE vault.webhook_secret SET kek_id = %(kek_id)s, wrapped = %(wrapped)s
 WHERE webhook = %(webhook)s AND version = %(version)s AND wrapped = %(before)s
