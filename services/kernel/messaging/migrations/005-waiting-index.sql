-- Each commit asks what its aggregates still have waiting, so that the relay can tell whether it may publish at once.
CREATE INDEX outbox_waiting_idx ON :schema.outbox (ordering_key) WHERE published_at IS NULL;
