-- make_index_key --
INSERT INTO vault.index_key (log_id, kek_id, wrapped) VALUES (%(log_id)s, %(kek_id)s, %(wrapped)s)
    ON CONFLICT (log_id) DO NOTHING

-- index_key --
SELECT kek_id, wrapped FROM vault.index_key WHERE log_id = %(log_id)s

-- make_subject_key --
INSERT INTO vault.subject_key (log_id, subject, kek_id, wrapped)
VALUES (%(log_id)s, %(subject)s, %(kek_id)s, %(wrapped)s)
    ON CONFLICT (log_id, subject) DO NOTHING

-- subject_key --
SELECT kek_id, wrapped, restricted_at IS NOT NULL
  FROM vault.subject_key
 WHERE log_id = %(log_id)s AND subject = %(subject)s
