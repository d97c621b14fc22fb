import type { Command } from 'commander';
import type { Checked } from '../doctor/finding.ts';
import { exitCodes } from '../exit-codes.ts';
import { currentHome } from '../settings/index.ts';
import { withTypedCommands } from '../terminal/command-name.ts';
import type { Output } from '../terminal/output.ts';
import { hanging } from '../terminal/wrap.ts';
import { outputOf, verb } from './verb.ts';

/** `mall doctor`: whether this machine can run a mall, and what to do where it cannot. */
export function doctorCommand(): Command {
  return verb({
    name: 'doctor',
    description:
      'Looks at what a mall needs: Node, its folder, space, memory, disk and clock, settings, the programs it ' +
      'starts, the Docker engine, ports, and what killed malls have left. Exit code 4: something has to be mended.',
    settings: ['name', 'infra', 'host', 'port', 'grpcPort'],
    examples: [
      ['mall doctor', 'whether mall up would work here'],
      ['mall doctor --infra docker', 'the same for a mall in containers'],
      ['mall doctor --json', 'for a program, or for a report of a fault'],
    ],
  }).action(async (flags: Readonly<Record<string, unknown>>) => {
    // Loaded only here: the checks know every server there is.
    const { examine } = await import('../doctor/examine.ts');
    const findings = await examine(currentHome(), flags);
    const output = outputOf(flags);
    if (output.json) output.document('mall.doctor/1', { home: currentHome(), checks: findings });
    else output.result(text(findings, output));
    if (findings.some(({ status }) => status === 'fail')) process.exitCode = exitCodes.environment;
  });
}

const marks = {
  pass: ['green', 'pass'],
  warn: ['yellow', 'warn'],
  fail: ['red', 'FAIL'],
} as const;

function text(findings: readonly Checked[], output: Output): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, status, found, fix }) => {
    const [color, word] = marks[status];
    const at = { column: width + 8, width: output.resultWidth };
    const begin = `${output.paint(color, word)}  ${check.padEnd(width)}  `;
    const line = hanging(begin, withTypedCommands(found), at);
    if (fix === undefined) return [line];
    return [line, hanging(' '.repeat(width + 8), `fix: ${withTypedCommands(fix)}`, at)];
  });
  return [...lines, '', conclusion(findings)].join('\n');
}

function conclusion(findings: readonly Checked[]): string {
  const failed = findings.filter(({ status }) => status === 'fail').length;
  if (failed > 0) return `${failed} of ${findings.length} checks failed: mend them before ${start()}.`;
  const warned = findings.filter(({ status }) => status === 'warn').length;
  return warned === 0
    ? `All is well: ${start()} starts the mall.`
    : `It works, with ${warned} ${warned === 1 ? 'warning' : 'warnings'}: ${start()} starts the mall.`;
}

const start = () => withTypedCommands('`mall up`');
