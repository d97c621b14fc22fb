import { insertion, type Write, write } from '../database/index.ts';

/**
 * Records that a consumer has taken a message, in the transaction of its effect. A second insert fails as
 * DuplicateMessage and takes its effect along: once per consumer, however often the message comes.
 */
export function takeMessage(schema: string, consumer: string, message: { id: string; name: string }): Write {
  const statement = insertion({
    table: `${schema}.inbox`,
    columns: { consumer: 'text', id: 'text', name: 'text' },
    key: ['consumer', 'id'],
    first: true,
  });
  return write(statement, { consumer, id: message.id, name: message.name });
}
