-- One JSON array for each table: its name, its rows, and a checksum that does not depend on their order;
-- then one for the large objects. The settings make a value the same text in every session.
-- `-v checksums=KIND` compares with a list that has this "checksums" in its first line: values (without the option),
-- columns (also of PostgreSQL before 14), or rows (lists whose first line has none).
\set QUIET on
\pset tuples_only on
\pset format unaligned
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET IntervalStyle = 'iso_8601';
SET extra_float_digits = 1;
SET bytea_output = 'hex';
SET search_path = pg_catalog;
\if :{?checksums}
\else
\set checksums values
\endif
SELECT :'checksums' IN ('values', 'columns', 'rows') AS known, :'checksums' <> 'rows' AS by_columns, :'checksums' = 'values' AS by_values \gset
\if :known
\else
-- The cast fails, so the text is in the error.
SELECT format('the checksums are of the kind %s, which this release does not know', :'checksums')::int;
\endif
\if :by_columns
-- A value is hashed as it is where only the same value is equal to it; 1.0 and 1.00 are equal, so a number is hashed as it is
-- sent. The text of another type takes twice the time. A cast to text may change it (bpchar loses blanks): where there is a
-- function for it, concat() has what the type prints. The last hash keeps values of different rows apart, whose sum would be
-- the same after an exchange. A partition has its own rows.
SELECT format(
    'SELECT json_build_array(%L, count(*), coalesce(sum('
    || CASE WHEN :'by_values' THEN 'hashint8extended(hash_record_extended(ROW(%s), 0), 0)'
        ELSE 'hashtextextended('''', hash_array_extended(ARRAY[%s]::text[], 0))' END
    || '), 0)::text) FROM ONLY %I.%I', nspname || '.' || relname, columns, nspname, relname)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace, LATERAL (
    SELECT string_agg(format(
        CASE WHEN :'by_values' AND atttypid = ANY ('{bool,int2,int4,int8,bytea,date,timestamp,timestamptz,uuid}'::regtype[]) THEN '%1$I'
        WHEN :'by_values' AND atttypid = ANY ('{text,varchar}'::regtype[]) THEN '%1$I COLLATE "C"'
        WHEN :'by_values' AND atttypid = ANY ('{numeric,float4,float8}'::regtype[]) THEN typsend || '(%1$I)'
        WHEN typtype = 'd' OR EXISTS (SELECT FROM pg_cast WHERE castsource = atttypid AND casttarget = 'text'::regtype AND castmethod = 'f')
        THEN 'CASE num_nulls(%1$I) WHEN 0 THEN concat(%1$I) END COLLATE "C"' ELSE '%1$I::text COLLATE "C"' END, attname), ', ' ORDER BY attnum) AS columns
    FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
    WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped) AS one
WHERE relkind IN ('r', 'p') AND relpersistence <> 't' AND nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY nspname, relname
\gexec
-- In pieces of a MiB.
SELECT json_build_array('large objects', count(DISTINCT oid), coalesce(sum(hashtextextended(
    nullif(lo_get(oid, place, 1048576), '')::text COLLATE "C", hash_array_extended(ARRAY[oid::bigint, place], 0))), 0)::text)
FROM pg_largeobject_metadata,
    LATERAL (SELECT coalesce(max(pageno), 0) AS last FROM pg_largeobject WHERE loid = pg_largeobject_metadata.oid) AS size,
    LATERAL generate_series(0, last * 2048::bigint, 1048576) AS place;
\else
SELECT format(
    'SELECT json_build_array(%L, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text) FROM %I.%I AS t',
    schemaname || '.' || tablename, schemaname, tablename)
FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
ORDER BY schemaname, tablename
\gexec
SELECT json_build_array('large objects', count(*), coalesce(sum(hashtextextended(lo_get(oid)::text, 0)), 0)::text)
FROM pg_largeobject_metadata;
\endif
