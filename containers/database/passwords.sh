#!/bin/sh
# A password for every role that compose.yaml knows, made at random, as the file compose reads them from:
#   sh containers/database/passwords.sh > containers/.env
# To be made before the first `up`: the roles get theirs on an empty volume.
set -eu
umask 077

password() {
  printf '%s=%s\n' "$1" "$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')"
}

for name in POSTGRES_PASSWORD MALL_MONOLITH_PASSWORD PACT_DATABASE_PASSWORD PACT_BROKER_PASSWORD; do
  password "$name"
done
# generated from proto/contexts.ts: contexts
contexts="BASKETS COSEC CUSTOMERS DEPOT NOTIFICATIONS ORDERING PAYMENTS SEARCH STORES"
# end of contexts
for context in $contexts; do
  password "MALL_${context}_PASSWORD"
  password "MALL_${context}_OWNER_PASSWORD"
done
