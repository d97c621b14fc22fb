#!/bin/sh
# The databases of the nine services, each with a role that owns and migrates it and one that serves and may connect to no
# other; and unless MALL_DATABASES is "services", those of the monolith and of the Pact broker. Run as an admin by the
# Postgres image on an empty volume, or by a job on any Postgres; what is there stays, with the passwords of this run.
# Each role has one of its own, from MALL_<CONTEXT>_PASSWORD and MALL_<CONTEXT>_OWNER_PASSWORD; a job has to be told them.
set -eu

sql() {
  psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres "$@"
}

# role NAME PASSWORD
role() {
  sql --set "role=$1" --set "password=$2" <<'SQL'
SELECT format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN PASSWORD :'password';
SQL
}

# database NAME OWNER: an admin that is no superuser may give it to a role it belongs to only.
database() {
  sql --set "database=$1" --set "owner=$2" <<'SQL'
GRANT :"owner" TO CURRENT_USER;
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
}

# connects ROLE DATABASE
connects() {
  sql --set "role=$1" --set "database=$2" <<'SQL'
GRANT CONNECT ON DATABASE :"database" TO :"role";
SQL
}

# password_of VARIABLE DEFAULT
password_of() {
  eval "given=\${$1:-}"
  if [ -z "$given" ] && [ "${MALL_DATABASES:-all}" = services ]; then
    echo "$1 is not set: each role needs a password of its own" >&2
    return 1
  fi
  printf %s "${given:-$2}"
}

if [ "${MALL_DATABASES:-all}" != services ]; then
  role intellimall_user "${MALL_MONOLITH_PASSWORD:-intellimall_pass}"
  database intellimall intellimall_user

  role pactuser "${PACT_DATABASE_PASSWORD:-pactpass}"
  database pactdb pactuser
fi

# generated from proto/contexts.ts: services
services="baskets cosec customers depot notifications ordering payments search stores"
# end of services
for service in $services; do
  name=$(printf %s "$service" | tr '[:lower:]' '[:upper:]')
  owner_password=$(password_of "MALL_${name}_OWNER_PASSWORD" "${service}_owner_pass")
  password=$(password_of "MALL_${name}_PASSWORD" "${service}_pass")
  role "${service}_owner" "$owner_password"
  role "${service}_user" "$password"
  database "$service" "${service}_owner"
  connects "${service}_user" "$service"
done
