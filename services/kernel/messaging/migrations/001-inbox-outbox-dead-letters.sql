-- Raised by combined writes whose row count is not the expected one; the SQLSTATE is read by database/failures.ts.
CREATE FUNCTION :schema.expect_rows(actual bigint, expected int, what text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF actual <> expected THEN
    RAISE EXCEPTION 'expected % row(s) of %, found %', expected, what, actual USING ERRCODE = 'MV001';
  END IF;
END $$;

CREATE TABLE :schema.inbox (
  consumer    text NOT NULL,
  id          text NOT NULL,
  name        text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, id)
);

CREATE TABLE :schema.outbox (
  position        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction_id  xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id              text NOT NULL UNIQUE,
  name            text NOT NULL,
  subject         text NOT NULL,
  data            bytea NOT NULL,
  metadata        jsonb NOT NULL,
  sent_at         timestamptz NOT NULL,
  ordering_key    text NOT NULL,
  published_at    timestamptz,
  stream_sequence bigint,
  attempts        int NOT NULL DEFAULT 0,
  last_error      text,
  quarantined_at  timestamptz
);
CREATE INDEX outbox_unpublished_idx ON :schema.outbox (position) WHERE published_at IS NULL;
CREATE INDEX outbox_quarantined_idx ON :schema.outbox (ordering_key) WHERE quarantined_at IS NOT NULL;

CREATE TABLE :schema.dead_letters (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consumer        text NOT NULL,
  message_id      text NOT NULL,
  name            text NOT NULL,
  subject         text NOT NULL,
  data            bytea NOT NULL,
  metadata        jsonb NOT NULL,
  reason          text NOT NULL,
  attempts        int NOT NULL,
  stream_sequence bigint NOT NULL,
  parked_at       timestamptz NOT NULL DEFAULT now(),
  UNIQUE (consumer, stream_sequence)
);
