CREATE TABLE :schema.customers_cache (
  id         text PRIMARY KEY,
  name       text NOT NULL,
  sms_number text NOT NULL,
  version    int NOT NULL,
  removed    bool NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE :schema.notifications (
  id          text PRIMARY KEY,
  position    bigint GENERATED ALWAYS AS IDENTITY,
  order_id    text NOT NULL,
  customer_id text NOT NULL,
  kind        text NOT NULL CHECK
    (kind IN ('created', 'approved', 'rejected', 'canceled', 'ready', 'completed')),
  text        text NOT NULL,
  status      text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'undeliverable')),
  -- Why it is undeliverable, or what the last attempt failed with; blank while all is well.
  reason      text NOT NULL DEFAULT '',
  attempts    int NOT NULL DEFAULT 0,
  due_at      timestamptz NOT NULL DEFAULT now(),
  sent_at     timestamptz,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT notifications_order_kind_key UNIQUE (order_id, kind)
);
CREATE INDEX notifications_due_idx ON :schema.notifications (due_at, position) WHERE status = 'pending';
