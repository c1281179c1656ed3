"""The SQL that makes the database for a dump like the present one."""

# As the present database: a template of another locale would be refused.
CREATE = """\
SELECT format(
    'CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L',
    :'restoring', pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype)
FROM pg_database WHERE datname = :'present'
\\gexec
"""
# Privileges and settings of the database itself, which a dump of its contents does not have. The
# values of lists are quoted already.
COPY = """\
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'restoring')
FROM pg_database WHERE datname = :'present' AND datacl IS NOT NULL
\\gexec
SELECT format('GRANT %s ON DATABASE %I TO %s', privilege_type, :'restoring',
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
FROM pg_database, aclexplode(datacl) WHERE datname = :'present'
\\gexec
SELECT format('ALTER DATABASE %I SET %s = %s', :'restoring', name,
    CASE WHEN name IN ('search_path', 'temp_tablespaces') OR name LIKE '%preload_libraries'
    THEN value ELSE quote_literal(value) END)
FROM pg_db_role_setting, unnest(setconfig) AS one,
    LATERAL (SELECT split_part(one, '=', 1), substr(one, strpos(one, '=') + 1)) AS s (name, value)
WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = :'present')
\\gexec
"""
