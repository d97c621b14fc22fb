CREATE TABLE :schema.idempotency_keys (
  key         text NOT NULL,
  method      text NOT NULL,
  fingerprint text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key, method)
);
CREATE INDEX idempotency_keys_age_idx ON :schema.idempotency_keys (created_at);
