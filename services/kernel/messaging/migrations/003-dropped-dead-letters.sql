-- A dead letter that a person gave up stays, with the reason: nothing vanishes silently.
ALTER TABLE :schema.dead_letters
  ADD COLUMN dropped_at timestamptz,
  ADD COLUMN dropped_reason text,
  ADD CHECK ((dropped_at IS NULL) = (dropped_reason IS NULL));
