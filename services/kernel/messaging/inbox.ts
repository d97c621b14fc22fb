import type { Write } from '../database/index.ts';

/**
 * Records that a consumer has taken a message, in the transaction of its effect. A second insert fails as
 * DuplicateMessage and takes its effect along: once per consumer, however often the message comes.
 */
export function takeMessage(schema: string, consumer: string, message: { id: string; name: string }): Write {
  return {
    text: `INSERT INTO ${schema}.inbox (consumer, id, name) VALUES ($1, $2, $3)`,
    values: [consumer, message.id, message.name],
  };
}
