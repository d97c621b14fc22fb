#!/bin/sh
# Runs once, on an empty volume, as the superuser: the databases of the monolith, of the Pact broker, and of the nine
# services, each with a role that owns and migrates it and one that serves and may connect to no other.
set -eu

sql() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres "$@"
}

# role NAME PASSWORD
role() {
  sql --set "role=$1" --set "password=$2" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
SQL
}

# database NAME OWNER
database() {
  sql --set "database=$1" --set "owner=$2" <<'SQL'
CREATE DATABASE :"database" OWNER :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
}

# connects ROLE DATABASE
connects() {
  sql --set "role=$1" --set "database=$2" <<'SQL'
GRANT CONNECT ON DATABASE :"database" TO :"role";
SQL
}

role intellimall_user "${MALL_MONOLITH_PASSWORD:-intellimall_pass}"
database intellimall intellimall_user

role pactuser "${PACT_DATABASE_PASSWORD:-pactpass}"
database pactdb pactuser

for service in baskets cosec customers depot notifications ordering payments search stores; do
  role "${service}_owner" "${MALL_OWNER_PASSWORD:-owner_pass}"
  role "${service}_user" "${MALL_SERVICE_PASSWORD:-service_pass}"
  database "$service" "${service}_owner"
  connects "${service}_user" "$service"
done
