-- Begins a transaction with locks on all tables of its snapshot, and exports that as the variable `snapshot`.
-- The locks come first: a table that another session truncates or rewrites (ALTER TABLE) after a snapshot is empty in it,
-- also for pg_dump, which locks later. https://www.postgresql.org/docs/current/mvcc-caveats.html
-- LOCK TABLE takes no snapshot. A migration that runs is waited for, up to the lock_timeout.
\set from_tables 'FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE relkind IN (''r'', ''p'') AND relpersistence <> ''t'' AND nspname NOT IN (''pg_catalog'', ''information_schema'')'
SELECT string_agg(format('%I.%I', nspname, relname), ', ONLY ') AS tables :from_tables \gset
BEGIN ISOLATION LEVEL REPEATABLE READ;
LOCK TABLE ONLY :tables IN ACCESS SHARE MODE;
SELECT pg_export_snapshot() AS snapshot \gset
SELECT count(*) > 0 AS again :from_tables
AND NOT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND relation = pg_class.oid) \gset
\if :again
-- A table was made between the list and the snapshot.
ROLLBACK;
\ir snapshot.sql
\endif
