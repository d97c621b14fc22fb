import type { Database } from '../database/index.ts';
import type { Metadata } from './envelope.ts';

/** A message nobody could handle, kept with all that is needed to read, mend and replay it. */
export interface DeadLetter {
  readonly consumer: string;
  readonly messageId: string;
  readonly name: string;
  readonly subject: string;
  /** The raw bytes as the broker held them. */
  readonly bytes: Uint8Array;
  readonly metadata: Metadata;
  readonly reason: string;
  readonly attempts: number;
  readonly streamSequence: number;
}

/** Part of the key, and an index takes no longer ones; ours are a quarter of that. */
const ID_CHARS = 256;

/** A null character is the one that Postgres cannot store; the letter's bytes have it still. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}

function storableMetadata(metadata: Metadata): string {
  const entries = Object.entries(metadata).map(([key, value]) => [storable(key), storable(value)]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** Parks a message. Parking the same one again (the acknowledgement was lost) changes nothing. */
export async function park(database: Database, letter: DeadLetter): Promise<void> {
  await database.query(
    `INSERT INTO ${database.schema}.dead_letters
       (consumer, message_id, name, subject, data, metadata, reason, attempts, stream_sequence)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (consumer, stream_sequence, message_id, md5(data)) DO NOTHING`,
    [
      letter.consumer,
      storable(letter.messageId.slice(0, ID_CHARS)),
      storable(letter.name),
      letter.subject,
      Buffer.from(letter.bytes),
      storableMetadata(letter.metadata),
      storable(letter.reason),
      letter.attempts,
      letter.streamSequence,
    ],
  );
}
