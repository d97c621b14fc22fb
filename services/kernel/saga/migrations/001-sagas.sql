CREATE TABLE :schema.sagas (
  id           text NOT NULL,
  name         text NOT NULL,
  data         jsonb NOT NULL,
  status       text NOT NULL CHECK (status IN ('running', 'compensating', 'completed', 'compensated', 'attention')),
  step         int NOT NULL,
  attempts     int NOT NULL,
  reason       text NOT NULL,
  -- Identity of the outstanding command; only its answer moves the saga.
  command_id   text NOT NULL,
  deadline_at  timestamptz,
  version      int NOT NULL,
  started_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, name)
);
CREATE INDEX sagas_deadline_idx ON :schema.sagas (deadline_at) WHERE deadline_at IS NOT NULL;

-- The story of each saga: what was sent, what was answered, when.
CREATE TABLE :schema.saga_history (
  saga_id   text NOT NULL,
  position  bigint GENERATED ALWAYS AS IDENTITY,
  at        timestamptz NOT NULL DEFAULT now(),
  status    text NOT NULL,
  step      int NOT NULL,
  what      text NOT NULL,
  PRIMARY KEY (saga_id, position)
);
