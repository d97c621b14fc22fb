CREATE TABLE :schema.events (
  stream_id       text NOT NULL,
  stream_name     text NOT NULL,
  stream_version  int NOT NULL CHECK (stream_version > 0),
  event_id        text NOT NULL UNIQUE,
  event_name      text NOT NULL,
  event_data      jsonb NOT NULL,
  metadata        jsonb NOT NULL,
  schema_version  int NOT NULL,
  occurred_at     timestamptz NOT NULL,
  position        bigint GENERATED ALWAYS AS IDENTITY,
  transaction_id  xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (stream_id, stream_name, stream_version)
);
-- Readers of the global order go by transaction, then position, below the oldest running transaction.
CREATE INDEX events_order_idx ON :schema.events (transaction_id, position);

CREATE TABLE :schema.snapshots (
  stream_id      text NOT NULL,
  stream_name    text NOT NULL,
  stream_version int NOT NULL,
  snapshot_name  text NOT NULL,
  snapshot_data  jsonb NOT NULL,
  updated_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream_id, stream_name)
);
