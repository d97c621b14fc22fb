CREATE TABLE :schema.customers_cache (
  id         text PRIMARY KEY,
  name       text NOT NULL,
  version    int NOT NULL,
  removed    bool NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE :schema.stores_cache (
  id         text PRIMARY KEY,
  name       text NOT NULL,
  version    int NOT NULL,
  removed    bool NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE :schema.products_cache (
  id         text PRIMARY KEY,
  store_id   text NOT NULL,
  name       text NOT NULL,
  version    int NOT NULL,
  removed    bool NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE :schema.orders (
  order_id      text PRIMARY KEY,
  customer_id   text NOT NULL,
  customer_name text NOT NULL,
  items         jsonb NOT NULL,
  total         numeric(19, 4) NOT NULL,
  status        text NOT NULL CHECK
    (status IN ('New', 'Approved', 'Rejected', 'Ready For Pickup', 'Canceled', 'Completed')),
  product_ids   text[] NOT NULL,
  store_ids     text[] NOT NULL,
  version       int NOT NULL,
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL DEFAULT now()
);
-- The first three are in the order of the answers, so that a page is read off the index.
CREATE INDEX orders_created_idx ON :schema.orders (created_at DESC, order_id);
CREATE INDEX orders_customer_idx ON :schema.orders (customer_id, created_at DESC, order_id);
CREATE INDEX orders_status_idx ON :schema.orders (status, created_at DESC, order_id);
CREATE INDEX orders_products_idx ON :schema.orders USING gin (product_ids);
CREATE INDEX orders_stores_idx ON :schema.orders USING gin (store_ids);
CREATE INDEX orders_total_idx ON :schema.orders (total);
