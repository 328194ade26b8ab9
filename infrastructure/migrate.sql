-- wait_unwatched --
-- A server that ends idle transactions would end the lock with it.
SET LOCAL idle_in_transaction_session_timeout = 0

-- lock --
-- "wangge" in ASCII: one lock for every process that migrates this database.
SELECT pg_advisory_xact_lock(131260347803493)

-- end_with_us --
-- In milliseconds. A statement would else outlive the killed process that sent it, and its locks too.
SET client_connection_check_interval = 1000
