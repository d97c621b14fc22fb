#!/bin/bash
# What the official image's entrypoint promises, as far as the mall and Testcontainers rely on it: the variables
# POSTGRES_*, a database laid out on first start, scripts in /docker-entrypoint-initdb.d, and a server that says
# twice that it is ready: once while laying out, heard by nobody, and once for its clients.
set -euo pipefail

POSTGRES_USER=${POSTGRES_USER:-postgres}
POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}

sql() { psql --quiet -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password "$@"; }

run_init_scripts() {
  local script
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
      *.sh) . "$script" ;;
      *.sql) sql --dbname "$POSTGRES_DB" --file "$script" ;;
    esac
  done
}

lay_out() {
  if [[ -z ${POSTGRES_PASSWORD:-} && ${POSTGRES_HOST_AUTH_METHOD:-} != trust ]]; then
    echo 'Error: the superuser has no password; set POSTGRES_PASSWORD.' >&2
    exit 1
  fi
  # Split on purpose: several arguments in one variable.
  # shellcheck disable=SC2086
  initdb --username="$POSTGRES_USER" --pwfile=<(echo "${POSTGRES_PASSWORD:-}") ${POSTGRES_INITDB_ARGS:-}
  echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -w -o "-c listen_addresses=''" start
  [[ $POSTGRES_DB == postgres ]] || sql --dbname postgres --command "create database \"$POSTGRES_DB\""
  run_init_scripts
  pg_ctl -D "$PGDATA" -w -m fast stop
}

[[ ${1:-postgres} != -* ]] || set -- postgres "$@"
[[ ${1:-postgres} == postgres ]] || exec "$@"
if [[ $(id -u) == 0 ]]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chown postgres:postgres "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$0" "$@"
fi
[[ -s $PGDATA/PG_VERSION ]] || lay_out
exec "$@"
