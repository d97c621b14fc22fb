CREATE TABLE :schema.stores_cache (
  id         text PRIMARY KEY,
  name       text NOT NULL,
  location   text NOT NULL,
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

CREATE TABLE :schema.shopping_lists (
  id              text PRIMARY KEY,
  order_id        text NOT NULL CHECK (order_id <> ''),
  stops           jsonb NOT NULL CHECK (jsonb_typeof(stops) = 'object'),
  assigned_bot_id text NOT NULL,
  status          text NOT NULL
    CHECK (status IN ('pending', 'available', 'assigned', 'active', 'completed', 'canceled')),
  version         int NOT NULL CHECK (version > 0),
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  CHECK (assigned_bot_id <> '' OR status NOT IN ('assigned', 'active', 'completed'))
);
CREATE INDEX shopping_lists_order_id_idx ON :schema.shopping_lists (order_id);
CREATE UNIQUE INDEX shopping_lists_live_order_idx ON :schema.shopping_lists (order_id) WHERE status <> 'canceled';
CREATE INDEX shopping_lists_availability_idx ON :schema.shopping_lists (created_at, id) WHERE status = 'available';
