-- A stream that has lost its tail is compared by sequence. Without an index each look reads the whole outbox, and one of
-- a busy day takes longer than a statement may: it would never be refilled.
CREATE INDEX outbox_sequence_idx ON :schema.outbox (stream_sequence) WHERE published_at IS NOT NULL;
