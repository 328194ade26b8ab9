-- add --
INSERT INTO open311_key (code, digest, name, area, jurisdiction, per_minute, added_at)
VALUES (%(code)s, %(digest)s, %(name)s, %(area)s, %(jurisdiction)s, %(per_minute)s, %(added_at)s)
    ON CONFLICT DO NOTHING

-- every --
SELECT code, name, area, jurisdiction, per_minute, added_at, ended_at
  FROM open311_key
 ORDER BY code

-- end --
UPDATE open311_key SET ended_at = coalesce(ended_at, %(at)s) WHERE code = %(code)s

-- admit --
-- One statement knows the key and counts the call, so that no two processes count past each other.
UPDATE open311_key
   SET calls = CASE WHEN minute = %(minute)s THEN least(calls, per_minute) + 1 ELSE 1 END, minute = %(minute)s
 WHERE digest = %(digest)s AND ended_at IS NULL
RETURNING code, name, area, jurisdiction, per_minute, added_at, ended_at, calls
