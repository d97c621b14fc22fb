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

/** Parks a message. Parking the same one again (the acknowledgement was lost) changes nothing. */
export async function park(database: Database, letter: DeadLetter): Promise<void> {
  await database.query(
    `INSERT INTO ${database.schema}.dead_letters
       (consumer, message_id, name, subject, data, metadata, reason, attempts, stream_sequence)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (consumer, stream_sequence, message_id, md5(data)) DO NOTHING`,
    [
      letter.consumer,
      letter.messageId,
      letter.name,
      letter.subject,
      Buffer.from(letter.bytes),
      JSON.stringify(letter.metadata),
      letter.reason,
      letter.attempts,
      letter.streamSequence,
    ],
  );
}
