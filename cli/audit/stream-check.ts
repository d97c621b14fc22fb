import { type ConsumerGroup, type ContextName, consumerGroups, contextNames } from '../../proto/catalogue.ts';
import type { Check, Sources } from './check.ts';
import type { Findings, Rule } from './findings.ts';
import { PublishedRows } from './published-rows.ts';
import { concerns, type StoredMessage } from './stream.ts';

const inStream: Rule = {
  id: 'published-in-stream',
  title: 'published messages in the stream',
  promise: 'Each published message lies in the stream at the sequence the broker acknowledged.',
  whenQuiet: false,
};

const takenOnce: Rule = {
  id: 'taken-once',
  title: 'messages taken once',
  promise:
    'Each message has taken effect once with each consumer that acts on it, or is a dead letter of it.',
  whenQuiet: false,
};

/** A message as one consumer group owes it an effect. */
interface Owed {
  readonly group: ConsumerGroup;
  readonly message: StoredMessage;
}

const groups: readonly ConsumerGroup[] = Object.values(consumerGroups);
const groupsByChannel = Map.groupBy(groups, (group) => group.channel);
const namesOf = new Map(groups.map((group) => [group, new Set(group.messages.map(({ name }) => name))]));

/**
 * One pass over the stream, compared batch by batch with the outboxes and the inboxes. What a consumer has
 * not settled yet is on its way and may still come; so is what hangs on messages that came in while the databases were
 * frozen, since one may show what another does not yet.
 */
export const streamCheck: Check = {
  rules: [inStream, takenOnce],
  async run(sources, findings) {
    const { first, last, messages } = await sources.stream.bounds();
    const published = new PublishedRows(sources.snapshots, { rule: inStream, findings, first });
    if (messages > 0) {
      for await (const batch of sources.stream.batches(last)) {
        await published.compare(batch);
        for (const message of batch.filter(({ sequence }) => sequence > sources.frozenFrom)) {
          for (const id of concerns(message)) findings.moves(id);
        }
        await compareInboxes(batch, sources, findings);
      }
    }
    await published.finish();
    for (const group of groups) {
      if (!sources.consumers.has(group.name))
        findings.found(takenOnce, [], `the consumer ${group.name} is missing`);
    }
    for (const context of contextNames) await findDoubled(context, sources, findings);
  },
};

async function compareInboxes(
  batch: readonly StoredMessage[],
  sources: Sources,
  findings: Findings,
): Promise<void> {
  const owed = batch.flatMap((message) => owedOf(message));
  findings.checked(takenOnce, owed.length);
  for (const [context, some] of Map.groupBy(owed, ({ group }) => group.context)) {
    for (const { group, message } of await untaken(context, some, sources)) {
      judgeUntaken(group, message, sources, findings);
    }
  }
}

/** Who must have taken a message: the consumers of its channel that act on its name, all if it has none. */
function owedOf(message: StoredMessage): Owed[] {
  const readers = groupsByChannel.get(message.channel) ?? [];
  return readers
    .filter((group) => message.id === '' || namesOf.get(group)?.has(message.name))
    .map((group) => ({ group, message }));
}

/** What has no id is known by its bytes: sent again and parked anew, its letter is at another sequence. */
async function untaken(
  context: ContextName,
  owed: readonly Owed[],
  { snapshots }: Sources,
): Promise<readonly Owed[]> {
  const rows = await snapshots.of(context).rows<{ n: number }>(
    `SELECT m.n FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[]) WITH ORDINALITY
       AS m(consumer, id, at, bytes, n)
     WHERE NOT EXISTS (SELECT 1 FROM ${context}.inbox i WHERE i.consumer = m.consumer AND i.id = m.id)
       AND NOT EXISTS (SELECT 1 FROM ${context}.dead_letters d WHERE d.consumer = m.consumer
                       AND (d.stream_sequence = m.at OR d.message_id = nullif(m.id, '') OR d.data = m.bytes))`,
    [
      owed.map(({ group }) => group.name),
      owed.map(({ message }) => message.id),
      owed.map(({ message }) => message.sequence),
      owed.map(({ message: { id, bytes } }) => (id === '' ? Buffer.from(bytes) : null)),
    ],
  );
  return rows.flatMap(({ n }) => owed[n - 1] ?? []);
}

function judgeUntaken(
  group: ConsumerGroup,
  message: StoredMessage,
  { consumers }: Sources,
  findings: Findings,
): void {
  const { id, name, sequence } = message;
  if (sequence > (consumers.get(group.name)?.settledUpTo ?? 0)) {
    for (const each of concerns(message)) findings.moves(each);
    return;
  }
  const what = name === '' ? 'what is no envelope' : name;
  findings.found(takenOnce, [id], `${group.name} has not taken ${what} at ${sequence}`);
}

async function findDoubled(context: ContextName, { snapshots }: Sources, findings: Findings): Promise<void> {
  const doubled = snapshots.of(context).pages<{ consumer: string; id: string; name: string; times: number }>(
    `SELECT consumer, id, min(name) AS name, count(*) AS times FROM ${context}.inbox
     GROUP BY consumer, id HAVING count(*) > 1`,
  );
  for await (const page of doubled) {
    for (const { consumer, id, name, times } of page)
      findings.found(takenOnce, [id], `${consumer} has taken ${name} ${times} times`);
  }
}
