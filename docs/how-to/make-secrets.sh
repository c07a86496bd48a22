#!/bin/sh
# Makes the secrets that docker-compose.yml reads, each in a file of its own under secrets/, where it is run.
# What is there already stays as it is, so it may be run again. For other servers than compose's own, change the
# *_url files by hand afterwards.
set -eu
umask 077
mkdir -p secrets
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [ -s "secrets/$1" ] || printf '%s\n' "$2" > "secrets/$1"; }
words() { cat "secrets/$1"; }

for name in postgres_password owner_password app_password watchdog_password redis_password secret_key; do
  keep "$name" "$(random)"
done
keep owner_database_url "postgres://casework_owner:$(words owner_password)@postgres:5432/casework"
keep database_url "postgres://casework_app:$(words app_password)@postgres:5432/casework"
keep watchdog_database_url "postgres://casework_watchdog:$(words watchdog_password)@postgres:5432/casework"
keep redis_url "redis://:$(words redis_password)@redis:6379/0"
# These come from somebody else. Empty they are not read: .env says which of them are.
touch secrets/email_host_password secrets/notify_api_key
# A container is given its own files and reads them as its own user; nobody else on this machine passes the folder.
chmod 644 secrets/*
chmod 700 secrets
