#!/bin/sh
# Makes the three database roles and the database. PostgreSQL's image runs it once, on an empty data directory;
# on a server of your own run it as a superuser, with OWNER_PASSWORD_FILE, APP_PASSWORD_FILE and
# WATCHDOG_PASSWORD_FILE naming the files that hold the passwords.
set -eu
# psql reads the passwords from its environment: a command line can be read by every process on the machine.
OWNER_PASSWORD=$(cat "$OWNER_PASSWORD_FILE")
APP_PASSWORD=$(cat "$APP_PASSWORD_FILE")
WATCHDOG_PASSWORD=$(cat "$WATCHDOG_PASSWORD_FILE")
export OWNER_PASSWORD APP_PASSWORD WATCHDOG_PASSWORD
psql -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres <<'SQL'
\getenv owner OWNER_PASSWORD
\getenv app APP_PASSWORD
\getenv watchdog WATCHDOG_PASSWORD
CREATE ROLE casework_owner LOGIN PASSWORD :'owner';
CREATE ROLE casework_app LOGIN PASSWORD :'app';
CREATE ROLE casework_watchdog LOGIN PASSWORD :'watchdog';
CREATE DATABASE casework OWNER casework_owner;
SQL
