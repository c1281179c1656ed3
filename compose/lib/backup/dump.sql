-- Dumps the database and counts its rows in one snapshot, so that both are of the same moment.
-- Environment: DUMP (the file, without .partial), MANIFEST (the list of tables), LIMIT in seconds.
\set ON_ERROR_STOP on
\set QUIET on
CREATE SCHEMA IF NOT EXISTS fks_backup;
CREATE TABLE IF NOT EXISTS fks_backup.canary (written timestamptz NOT NULL);
DELETE FROM fks_backup.canary;
INSERT INTO fks_backup.canary VALUES (clock_timestamp());
SET lock_timeout = '60s';
\ir snapshot.sql
\setenv SNAPSHOT :snapshot
SELECT to_regclass('public.authentik_version_history') IS NOT NULL AS has_authentik \gset
SELECT '' AS authentik \gset
\if :has_authentik
SELECT version AS authentik FROM public.authentik_version_history ORDER BY "timestamp" DESC LIMIT 1 \gset
\endif
-- pg_dump runs while the rows are counted; psql waits for it at the second \o, also after an error.
-- zstd takes half of the time; PostgreSQL before 16 and some builds do not have it.
\o | (if pg_dump --compress=zstd:1 --exclude-schema='*' --file=/dev/null 2>/dev/null; then zstd=--compress=zstd:1; fi; timeout "$LIMIT" pg_dump --format=custom ${zstd-} --lock-wait-timeout=60s --snapshot="$SNAPSHOT" --file="$DUMP.partial"; echo $? >"$DUMP.code") & cat >"$MANIFEST"; wait
\pset tuples_only on
\pset format unaligned
SELECT json_build_object(
    'database', datname, 'postgres', current_setting('server_version'), 'encoding', pg_encoding_to_char(encoding),
    'collation', datcollate, 'collation_version', datcollversion, 'bytes', pg_database_size(oid),
    'checksums', 'values', 'extensions', (SELECT json_agg(extname) FROM pg_extension),
    'authentik', :'authentik', 'canary', (SELECT extract(epoch FROM written)::bigint FROM fks_backup.canary))
FROM pg_database WHERE datname = current_database();
\ir tables.sql
\o
COMMIT;
-- The list gets the checksum of the finished file: rows and checksums of tables do not cover functions and views.
\! [ "$(cat "$DUMP.code")" != 0 ] || { sum=$(sha256sum <"$DUMP.partial") && sed -i "1s/^{/{\"sha256\" : \"${sum%% *}\", /" "$MANIFEST"; }
