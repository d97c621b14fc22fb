CREATE TABLE :schema.stores (
  id            text PRIMARY KEY,
  name          text NOT NULL,
  location      text NOT NULL,
  participating bool NOT NULL DEFAULT false,
  version       int NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stores_order_idx ON :schema.stores (name, id);
CREATE INDEX participating_stores_idx ON :schema.stores (name, id) WHERE participating;

CREATE TABLE :schema.products (
  id          text PRIMARY KEY,
  store_id    text NOT NULL,
  name        text NOT NULL,
  description text NOT NULL,
  sku         text NOT NULL,
  price       numeric(19, 4) NOT NULL CHECK (price >= 0),
  version     int NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX store_products_idx ON :schema.products (store_id, name, id);
