-- The unfinished are few and counted at each scrape; the finished are many and never are.
CREATE INDEX sagas_unfinished_idx ON :schema.sagas (name, status, started_at)
  WHERE status IN ('running', 'compensating', 'attention');
