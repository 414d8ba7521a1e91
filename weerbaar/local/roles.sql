-- Two roles: the owner migrates, the application owns nothing. Safe to run again.
SELECT 'CREATE ROLE portaal_owner LOGIN CREATEDB' WHERE to_regrole('portaal_owner') IS NULL \gexec
SELECT 'CREATE ROLE portaal_app LOGIN' WHERE to_regrole('portaal_app') IS NULL \gexec
-- A role a zone, as in production: the tests walk the main road as each of them.
SELECT format('CREATE ROLE portaal_%s LOGIN', zone) FROM unnest('{publiek,mijn,beheer,worker}'::text[]) AS zone
 WHERE to_regrole('portaal_' || zone) IS NULL \gexec
SELECT 'CREATE DATABASE portaal OWNER portaal_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'portaal') \gexec
