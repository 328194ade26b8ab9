-- make --
INSERT INTO vault.webhook_secret (webhook, version, kek_id, wrapped)
VALUES (%(webhook)s, %(version)s, %(kek_id)s, %(wrapped)s)
    ON CONFLICT DO NOTHING

-- end_older --
UPDATE vault.webhook_secret SET ends_at = clock_timestamp() + make_interval(secs => %(seconds)s)
 WHERE webhook = %(webhook)s AND version < %(version)s AND ends_at IS NULL

-- of_version --
SELECT kek_id, wrapped FROM vault.webhook_secret WHERE webhook = %(webhook)s AND version = %(version)s

-- signing --
-- The newest first; one that ends is in force until then.
SELECT version, kek_id, wrapped
  FROM vault.webhook_secret
 WHERE webhook = %(webhook)s AND (ends_at IS NULL OR ends_at > clock_timestamp())
 ORDER BY version DESC

-- destroy --
DELETE FROM vault.webhook_secret WHERE webhook = %(webhook)s
