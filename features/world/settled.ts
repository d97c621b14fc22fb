import { Stream } from '../../cli/audit/stream.ts';
import { consumerGroups } from '../../proto/catalogue.ts';
import type { MallWorld } from './world.ts';

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
