#!/bin/sh
# Makes the three database roles and the database. PostgreSQL's image runs it once, on an empty data directory;
# on a server of your own run it as a superuser with the three passwords in the environment.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" -v watchdog="$WATCHDOG_PASSWORD" \
     -U "${POSTGRES_USER:-postgres}" -d postgres <<'SQL'
CREATE ROLE casework_owner LOGIN PASSWORD :'owner';
CREATE ROLE casework_app LOGIN PASSWORD :'app';
CREATE ROLE casework_watchdog LOGIN PASSWORD :'watchdog';
CREATE DATABASE casework OWNER casework_owner;
SQL
