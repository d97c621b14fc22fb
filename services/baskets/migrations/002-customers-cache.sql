CREATE TABLE :schema.customers_cache (
  id         text PRIMARY KEY,
  enabled    bool NOT NULL,
  version    int NOT NULL,
  removed    bool NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
