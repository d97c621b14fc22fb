-- Where in its trace a saga began, as W3C headers: a command that is sent again goes on there.
ALTER TABLE :schema.sagas ADD COLUMN trace jsonb;
