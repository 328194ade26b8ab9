-- Attachments: what is known of files that cases name. Their bytes are kept in a store of objects, sealed.
-- depends: 0024_erasing

CREATE TABLE attachment (
    digest text COLLATE "C" PRIMARY KEY,     -- SHA-256 of the bytes, in hexadecimal
    media_type text COLLATE "C" NOT NULL,    -- told from the bytes
    bytes bigint NOT NULL,
    width int,                               -- null: no picture
    height int,
    stored boolean NOT NULL DEFAULT false    -- false: the bytes are on their way, in or out
);

-- Who brought it, until it is swept away or, after a day, belongs to cases alone.
CREATE TABLE attachment_upload (
    digest text COLLATE "C" NOT NULL REFERENCES attachment ON DELETE CASCADE,
    brought_by text COLLATE "C" NOT NULL,
    brought_at timestamptz NOT NULL,
    PRIMARY KEY (digest, brought_by)
);
CREATE INDEX attachment_upload_by_time ON attachment_upload (brought_at);

-- Which cases name it. Stays when the attachment is gone, as the event does.
CREATE TABLE attachment_use (
    log_id text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    digest text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,          -- issue or request
    subject uuid NOT NULL,                   -- whom the case is about
    named_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    erased_at timestamptz,                   -- set: the case's people are forgotten
    PRIMARY KEY (log_id, case_id, digest)
);
CREATE INDEX attachment_use_by_digest ON attachment_use (digest, named_at);
CREATE INDEX attachment_use_by_subject ON attachment_use (log_id, subject);

CREATE TABLE vault.attachment_key (
    digest text COLLATE "C" PRIMARY KEY,
    kek_id text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL,
    told bytea                               -- when and where it was taken, sealed; null: it does not say
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_append') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON attachment, attachment_upload, attachment_use TO wangge_append;
        GRANT SELECT, INSERT, UPDATE, DELETE ON vault.attachment_key TO wangge_append;
    END IF;
END;
$$;
