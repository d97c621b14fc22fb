import type { Doors } from './doors.ts';
import type { Row } from './inside.ts';

/** Why an order may not have come further: what its saga waits for and since when. Blank from outside. */
export async function whyOrderWaits(doors: Doors, orderId: string): Promise<string> {
  if (!doors.hasInside) return '';
  const saga = await doors.inside.row(
    `SELECT s.status, s.reason, o.name AS command, o.metadata ->> 'COMMAND_STEP' AS step,
            o.published_at IS NOT NULL AS published, extract(epoch FROM now() - s.updated_at) AS seconds
     FROM cosec.sagas s LEFT JOIN LATERAL (
       SELECT name, metadata, published_at FROM cosec.outbox
       WHERE metadata ->> 'COMMAND_ID' = s.command_id ORDER BY position DESC LIMIT 1) o ON true
     WHERE s.id = $1`,
    [orderId],
  );
  return saga === undefined ? 'it has no saga' : toldOf(saga);
}

function toldOf({ status, reason, command, step, published, seconds }: Row): string {
  const open = status === 'running' || status === 'compensating';
  const why = reason === '' ? '' : ` (${reason})`;
  if (!open || command === null) return `its saga is ${status}${why}`;
  const sent = published === true ? '' : ', which the broker has not got';
  const since = Number(seconds).toFixed(1);
  return `its saga is ${status}${why} and waits for the answer to ${command} (${step})${sent}, since ${since} s`;
}
