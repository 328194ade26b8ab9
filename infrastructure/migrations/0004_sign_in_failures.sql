-- Failed sign-ins, for as long as they count towards a lock-out.
-- depends: 0003_read_models

CREATE TABLE sign_in_failure (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login_digest bytea NOT NULL,  -- SHA-256: people type passwords into the field of the login
    failed_at    timestamptz NOT NULL
);
CREATE INDEX sign_in_failure_by_login ON sign_in_failure (login_digest, failed_at DESC);
CREATE INDEX sign_in_failure_by_time ON sign_in_failure (failed_at);
