-- SKUs in use, one product each within a store; filled under the rule `skus` only.
CREATE TABLE :schema.product_skus (
  store_id   text NOT NULL,
  sku        text NOT NULL,
  product_id text NOT NULL UNIQUE,
  PRIMARY KEY (store_id, sku)
);
