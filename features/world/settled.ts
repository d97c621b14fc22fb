import { Stream } from '../../cli/audit/stream.ts';
import { consumerGroups } from '../../proto/catalogue.ts';
import type { MallWorld } from './world.ts';

/**
 * Waits until each consumer has done with all that is in the stream now: whatever that brings about is there then, or on
 * its way to the stream.
 */
export async function allSettled(world: MallWorld): Promise<void> {
  const { natsUrl, natsStream } = world.inside.addresses;
  const stream = await Stream.open(natsUrl, natsStream);
  try {
    const { last } = await stream.bounds();
    let behind = Object.values(consumerGroups).map(({ name }) => name);
    await world.until(`all consumers to be done with message ${last}`, async () => {
      const standings = await stream.consumers();
      // One that had caught up once is done with it, whatever has come since.
      behind = behind.filter((name) => {
        const { waiting = 1, settledUpTo = 0 } = standings.get(name) ?? {};
        return waiting > 0 && settledUpTo < last;
      });
      return behind.length === 0 ? { got: last } : { saw: `not yet done: ${behind.join(', ')}` };
    });
  } finally {
    await stream.close();
  }
}

/** Waits until each consumer of a channel has done with all messages up to a sequence. */
export async function settled(world: MallWorld, channel: string, sequence: number): Promise<void> {
  const { natsUrl, natsStream } = world.inside.addresses;
  const consumers = Object.values(consumerGroups).filter((group) => group.channel === channel);
  const stream = await Stream.open(natsUrl, natsStream);
  try {
    await world.until(`the consumers of ${channel} to be done with message ${sequence}`, async () => {
      const standings = await stream.consumers();
      const behind = consumers.filter(({ name }) => (standings.get(name)?.settledUpTo ?? 0) < sequence);
      if (behind.length === 0) return { got: sequence };
      return { saw: `not yet done: ${behind.map(({ name }) => name).join(', ')}` };
    });
  } finally {
    await stream.close();
  }
}
