-- open_log --
SELECT open_log(%(log_id)s)

-- keep_request_key --
INSERT INTO request_key (log_id, key, body_hash, case_id, version, last_case_id, last_version)
VALUES (%(log_id)s, %(key)s, %(body_hash)s, %(case_id)s, %(version)s, %(last_case_id)s, %(last_version)s)

-- keep_detail --
INSERT INTO personal_detail (log_id, subject, field, value)
VALUES (%(log_id)s, %(subject)s, %(field)s, %(value)s)
    ON CONFLICT (log_id, subject, field) DO UPDATE SET value = excluded.value

-- details_of --
SELECT field, value FROM personal_detail WHERE log_id = %(log_id)s AND subject = %(subject)s
