-- Who may log in. What they may do is reference data of the city's log, found by staff_id.

CREATE TABLE account (
    staff_id      text PRIMARY KEY,
    login         text UNIQUE NOT NULL,
    password_hash text NOT NULL,
    disabled      boolean NOT NULL DEFAULT false,
    changed_at    timestamptz NOT NULL
);
