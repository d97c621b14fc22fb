-- A program that knows only the original's columns can still append.
ALTER TABLE :schema.events ALTER metadata SET DEFAULT '{}', ALTER schema_version SET DEFAULT 1;
