/** How long the command line takes to answer, beside a Node that does nothing. Told, not judged: machines differ. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const launcher = join(process.argv[2] ?? '.', 'node_modules/mall/cli/launcher/mall.mjs');

/** The middle of some runs, in milliseconds. @param {readonly string[]} args */
function middle(args) {
  const times = Array.from({ length: 7 }, () => {
    const begun = performance.now();
    spawnSync(process.execPath, args, { stdio: 'ignore' });
    return performance.now() - begun;
  });
  return times.sort((left, right) => left - right)[3] ?? 0;
}

const nothing = middle(['-e', '0']);
for (const args of [['--help'], ['ps']]) {
  const ms = middle([launcher, ...args]);
  const ratio = (ms / nothing).toFixed(1);
  process.stdout.write(
    `mall ${args[0]}: ${ms.toFixed(0)} ms, ${ratio} times \`node -e 0\` (${nothing.toFixed(0)} ms)\n`,
  );
}
