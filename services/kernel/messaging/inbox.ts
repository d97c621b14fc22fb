import { insertion, perSchema, type Write, write } from '../database/index.ts';

const take = perSchema((schema) =>
  insertion({
    table: `${schema}.inbox`,
    columns: { consumer: 'text', id: 'text', name: 'text' },
    key: ['consumer', 'id'],
    first: true,
  }),
);

/**
 * Records that a consumer has taken a message, in the transaction of its effect. A second insert fails as
 * DuplicateMessage and takes its effect along: once per consumer, however often the message comes.
 */
export function takeMessage(schema: string, consumer: string, message: { id: string; name: string }): Write {
  return write(take(schema), { consumer, id: message.id, name: message.name });
}
