-- Accounts and failed sign-ins. `changed_at` always grows, whatever clocks do: tokens are compared with it.

-- by_login --
SELECT staff_id, login, disabled, changed_at, password_hash
  FROM account
 WHERE login = %(login)s

-- of_staff --
SELECT staff_id, login, disabled, changed_at
  FROM account
 WHERE staff_id = %(staff_id)s

-- add --
INSERT INTO account (staff_id, login, password_hash, changed_at)
VALUES (%(staff_id)s, %(login)s, %(password_hash)s, %(at)s)

-- set_password --
UPDATE account
   SET password_hash = %(password_hash)s,
       changed_at = GREATEST(%(at)s, changed_at + INTERVAL '1 microsecond')
 WHERE staff_id = %(staff_id)s

-- set_disabled --
UPDATE account
   SET disabled = %(disabled)s,
       changed_at = GREATEST(%(at)s, changed_at + INTERVAL '1 microsecond')
 WHERE staff_id = %(staff_id)s

-- rehash --
-- The same password under stronger parameters, unless it was changed meanwhile; tokens stay valid.
UPDATE account
   SET password_hash = %(stronger)s
 WHERE staff_id = %(staff_id)s AND password_hash = %(known)s

-- take_turns --
-- Until the end of the transaction. Two logins with one number only wait for each other.
SELECT pg_advisory_xact_lock(%(turn)s)

-- failures --
SELECT failed_at
  FROM sign_in_failure
 WHERE login_digest = %(login_digest)s
 ORDER BY failed_at DESC
 LIMIT %(most)s

-- count_failure --
INSERT INTO sign_in_failure (login_digest, failed_at)
VALUES (%(login_digest)s, %(at)s)

-- forget_failures --
DELETE FROM sign_in_failure
 WHERE login_digest = %(login_digest)s

-- prune --
DELETE FROM sign_in_failure
 WHERE id IN (SELECT id
                FROM sign_in_failure
               WHERE failed_at < %(before)s
               ORDER BY failed_at
               LIMIT 1000
                 FOR UPDATE SKIP LOCKED)
