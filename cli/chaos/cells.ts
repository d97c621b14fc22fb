import { type ContextName, consumerGroups, contextNames } from '../../proto/catalogue.ts';
import { type CrashPoint, crashPoints } from '../../services/mall.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** One crash to try: a point in the code, and the context whose code it is hit in. */
export interface Cell {
  readonly point: CrashPoint;
  readonly context: ContextName | 'process';
}

const groups = Object.values(consumerGroups);
const consumers = contextNames.filter((context) => groups.some((group) => group.context === context));
/** The other two take messages and send none. */
const publishers = contextNames.filter((context) => context !== 'search' && context !== 'notifications');

const contextsOf = {
  writers: contextNames,
  publishers,
  consumers,
  saga: ['cosec'],
  process: ['process'],
} as const satisfies Record<string, readonly (ContextName | 'process')[]>;

export const pointNames = Object.keys(crashPoints).filter(isPoint);

/** Every point in every context it lies in, of those that are wanted. @throws CliError (2) for what is none */
export function cellsOf(wanted: { points: string; contexts: string | undefined }): readonly Cell[] {
  const points = wanted.points === 'all' ? pointNames : words(wanted.points).map(pointNamed);
  const contexts = wanted.contexts === undefined ? undefined : words(wanted.contexts);
  const known: readonly string[] = [...contextNames, 'process'];
  for (const context of contexts ?? [])
    if (!known.includes(context)) throw unknown('--contexts', context, known);
  return points.flatMap((point) =>
    contextsOf[crashPoints[point].place]
      .filter((context) => contexts?.includes(context) ?? true)
      .map((context) => ({ point, context })),
  );
}

function words(list: string): readonly string[] {
  return list.split(',').map((word) => word.trim());
}

function pointNamed(name: string): CrashPoint {
  if (isPoint(name)) return name;
  throw unknown('--points', name, ['all', ...pointNames]);
}

function isPoint(name: string): name is CrashPoint {
  return Object.hasOwn(crashPoints, name);
}

function unknown(flag: string, value: string, known: readonly string[]): CliError {
  return new CliError(`${flag} has "${value}", which there is not.`, {
    exitCode: exitCodes.usage,
    next: `choose of ${known.join(', ')}`,
  });
}
