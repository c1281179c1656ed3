-- One JSON array for each table: its name, its rows, and a checksum that does not depend on their order;
-- then one for the large objects. The settings make a row the same text in every session.
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET IntervalStyle = 'iso_8601';
SET extra_float_digits = 1;
SET bytea_output = 'hex';
SET search_path = pg_catalog;
SELECT format(
    'SELECT json_build_array(%L, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text) FROM %I.%I AS t',
    schemaname || '.' || tablename, schemaname, tablename)
FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
ORDER BY schemaname, tablename
\gexec
SELECT json_build_array('large objects', count(*), coalesce(sum(hashtextextended(lo_get(oid)::text, 0)), 0)::text)
FROM pg_largeobject_metadata;
