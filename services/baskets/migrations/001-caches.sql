CREATE TABLE :schema.stores_cache (
  id            text PRIMARY KEY,
  name          text NOT NULL,
  participating bool NOT NULL,
  version       int NOT NULL,
  removed       bool NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE :schema.products_cache (
  id         text PRIMARY KEY,
  store_id   text NOT NULL,
  name       text NOT NULL,
  price      numeric(19, 4) NOT NULL,
  version    int NOT NULL,
  removed    bool NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
