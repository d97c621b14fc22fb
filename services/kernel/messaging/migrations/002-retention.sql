CREATE INDEX inbox_age_idx ON :schema.inbox (received_at);
CREATE INDEX outbox_age_idx ON :schema.outbox (published_at) WHERE published_at IS NOT NULL;
