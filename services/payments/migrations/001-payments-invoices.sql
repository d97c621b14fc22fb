CREATE TABLE :schema.payments (
  id          text PRIMARY KEY,
  customer_id text NOT NULL CHECK (customer_id <> ''),
  amount      numeric(19, 4) NOT NULL CHECK (amount > 0),
  status      text NOT NULL CHECK (status IN ('authorized', 'confirmed', 'captured', 'released')),
  order_id    text NOT NULL,
  captured    numeric(19, 4) NOT NULL CHECK (captured BETWEEN 0 AND amount),
  version     int NOT NULL CHECK (version > 0),
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CHECK ((order_id = '') = (status = 'authorized')),
  CHECK (captured = 0 OR status = 'captured')
);
CREATE INDEX payments_order_id_idx ON :schema.payments (order_id) WHERE order_id <> '';

CREATE TABLE :schema.invoices (
  id         text PRIMARY KEY,
  order_id   text NOT NULL CHECK (order_id <> ''),
  payment_id text NOT NULL,
  amount     numeric(19, 4) NOT NULL CHECK (amount >= 0),
  status     text NOT NULL CHECK (status IN ('pending', 'paid', 'canceled')),
  version    int NOT NULL CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX invoices_order_id_idx ON :schema.invoices (order_id);
