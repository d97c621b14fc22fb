-- A broker that has lost its tail gives sequences out again: a letter at one must not keep another message out.
ALTER TABLE :schema.dead_letters DROP CONSTRAINT dead_letters_consumer_stream_sequence_key;
CREATE UNIQUE INDEX dead_letters_delivery_key
  ON :schema.dead_letters (consumer, stream_sequence, message_id, md5(data));
