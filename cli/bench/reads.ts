import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { programBeside } from '../../containers/embedded/index.ts';

/** As many reads as the mall takes, or so many a second whatever it takes. */
const load = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('saturated'), warmUp: z.number(), count: z.number() }),
  z.object({
    kind: z.literal('steady'),
    perSecond: z.number(),
    settleSeconds: z.number(),
    seconds: z.number(),
  }),
]);

/** What the process that reads is to do; JSON. */
export const readsTask = z.object({
  door: z.enum(['rest', 'grpc']),
  restUrl: z.string(),
  grpcAddress: z.string(),
  /** Stores, read in turn. */
  ids: z.array(z.string()).min(1),
  load,
});

export type ReadsTask = z.infer<typeof readsTask>;

const readsResult = z.object({
  perSecond: z.number(),
  /** Reads for a second of a core of the mall's process. */
  perCore: z.number(),
  /** In ms. */
  p99: z.number(),
});

export type ReadsResult = z.infer<typeof readsResult>;

/** V8's own four threads that look for garbage would have the mall wait for a core. */
const oneHelper = '--v8-pool-size=1';

/**
 * Reads from a process of its own, a new one for each load: what a process has gathered before, in a spell of
 * saturation above all, has it look for garbage for 15 ms at a time, which the reads would wait for and not the mall.
 * @throws Error with what the process said when it fails
 */
export async function reads(task: ReadsTask, signal: AbortSignal): Promise<ReadsResult> {
  const program = programBeside(import.meta.url, 'reads-process');
  const args = [oneHelper, program, JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { signal });
  return readsResult.parse(JSON.parse(stdout));
}
