import type { Command } from 'commander';
import type { ChaosFlags } from '../chaos/plan.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { currentHome } from '../settings/index.ts';
import { onInterruption } from '../terminal/interruption.ts';
import { Narrator } from '../terminal/narrator.ts';
import { outputOf, verb } from './verb.ts';

/** `mall chaos`: what is left of the promises when things break. */
export function chaosCommand(): Command {
  return verb({
    name: 'chaos',
    description:
      'Breaks a mall of its own while shoppers are busy in it, lets it come to rest and audits it: crashes at each ' +
      'point of the code where one could hurt, outages of Postgres and NATS, processes killed at random. Servers ' +
      'and data are its own and removed at the end. Exit code 7: a promise is broken; 1: a point was never hit, a ' +
      'mall did not come to rest, or a client was told something wrong.',
    examples: [
      ['mall chaos --points all', 'every crash point in every context, a quarter of an hour'],
      ['mall chaos --points relay.before-mark,consumer.before-ack --contexts ordering', 'two of them in one'],
      ['mall chaos --points all --mode microservices', 'the same in nine processes and their gateway'],
      ['mall chaos --faults', 'Postgres and NATS stopped, killed, paused for 1, 15 and 60 s, and more'],
      ['mall chaos --faults nats-paused,lost-tail --for 5s', 'some of them'],
      [
        'mall chaos --faults --resume reports/chaos/faults-monolith.json',
        'what a run that was cut off has left',
      ],
      ['mall chaos --kill-every 20s --duration 10m --clients 25', 'a random process killed again and again'],
    ],
  })
    .option('--points <names>', 'all, or names of crash points with commas between')
    .option('--contexts <names>', 'crashes in these only; process is what lies in none')
    .option('--faults [names]', 'faults from outside: all, or names with commas between')
    .option('--for <times>', 'how long servers are away', '1s,15s,60s')
    .option('--kill-every <time>', 'kills a random process this often while busywork goes on')
    .option('--kill <names>', 'what may be killed: mall, postgres, nats', 'mall,postgres,nats')
    .option('--duration <time>', 'how long, with --kill-every', '10m')
    .option('--mode <mode>', 'monolith or microservices (default: monolith)')
    .option('--clients <n>', 'clients of busywork, 1 to 25', '4')
    .option('--seed <n>', 'draws the same again (default: a new one, which is told)')
    .option('--save <file>', 'the report, kept after each row (default: reports/chaos/<kind>-<mode>.json)')
    .option(
      '--resume <file>',
      'goes on with the report of a run that was cut off; its rows are not tried again',
    )
    .action(chaos);
}

async function chaos(flags: ChaosFlags & Readonly<Record<string, unknown>>): Promise<void> {
  const output = outputOf(flags);
  const [{ planOf }, { ChaosGround }, { outcomeOf }, { Diary }] = await Promise.all([
    import('../chaos/plan.ts'),
    import('../chaos/ground.ts'),
    import('../chaos/report.ts'),
    import('../chaos/diary.ts'),
  ]);
  const plan = planOf(flags);
  const narrator = new Narrator(output);
  const diary = new Diary({ output, narrator, plan });
  const interruption = onInterruption();
  narrator.step('starting Postgres and NATS');
  const ground = await ChaosGround.prepare(currentHome(), plan.mode);
  try {
    await plan.run(ground, {
      signal: interruption.asked,
      begin: (what) => diary.begin(what),
      told: (rows) => diary.told(rows),
    });
    narrator.done();
    diary.close();
    const { violations, failures } = outcomeOf(diary.result);
    if (violations > 0) process.exitCode = exitCodes.auditViolation;
    else if (failures > 0) process.exitCode = exitCodes.checkFailed;
  } catch (error) {
    narrator.failed();
    if (!interruption.asked.aborted) throw error;
    const { rows, planned } = diary.result;
    throw new CliError(`The run was interrupted after ${rows.length} of ${planned}.`, {
      exitCode: exitCodes.interrupted,
      next: `\`--resume ${plan.save}\` goes on with the rest`,
    });
  } finally {
    await ground.remove();
    interruption.release();
  }
}
