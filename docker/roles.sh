#!/bin/sh
# Runs once, when the database folder is empty: the four roles of docs/architecture.md, decision 2, and the database.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
    -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" -v log="$LOG_PASSWORD" -v portal="$PORTAL_PASSWORD" <<'SQL'
CREATE ROLE evidence_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner';
CREATE ROLE evidence_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app';
CREATE ROLE evidence_log LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'log';
CREATE ROLE evidence_portal LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'portal';
CREATE DATABASE evidence OWNER evidence_owner;
REVOKE ALL ON DATABASE evidence FROM PUBLIC;
GRANT CONNECT ON DATABASE evidence TO evidence_app, evidence_log, evidence_portal;
SQL
