CREATE TABLE :schema.customers (
  id         text PRIMARY KEY,
  name       text NOT NULL CHECK (name <> ''),
  sms_number text NOT NULL CHECK (sms_number <> ''),
  enabled    bool NOT NULL,
  version    int NOT NULL CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
