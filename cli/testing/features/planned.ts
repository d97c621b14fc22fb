import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { NothingMatches } from '../nothing-matches.ts';
import type { FeatureOptions } from './options.ts';
import { tagExpression } from './selection.ts';

interface Wanted {
  readonly cwd: string;
  readonly paths: readonly string[];
  readonly names: readonly string[];
  readonly tagExpression: string;
}

/** How many scenarios that is. @throws CliError (2) for tags that are no expression */
export async function plannedScenarios(wanted: Wanted): Promise<{ scenarios: number; broken: boolean }> {
  const { loadSources } = await import('@cucumber/cucumber/api');
  const { plan, errors } = await loadSources(
    {
      ...{ paths: [...wanted.paths], names: [...wanted.names], tagExpression: wanted.tagExpression },
      ...{ defaultDialect: 'en', order: 'defined' },
    },
    { cwd: wanted.cwd },
  );
  return { scenarios: plan.length, broken: errors.length > 0 };
}

/**
 * Finds out, before a mall is started, whether there is anything to run.
 * @throws NothingMatches where no scenario is what was asked for
 */
export async function expectScenarios(options: FeatureOptions, paths: readonly string[]): Promise<void> {
  const { tags, nameFilter, features } = options;
  const names = nameFilter === undefined ? [] : [nameFilter];
  const wanted = { cwd: process.cwd(), paths, names, tagExpression: tagExpression(tags, []) };
  const { scenarios, broken } = await plannedScenarios(wanted).catch((error: unknown) => {
    throw tags === undefined ? error : notTags(tags, error);
  });
  // What is wrong with a feature file is told by the run, with its place.
  if (scenarios > 0 || broken) return;
  const asked = [
    ...(tags === undefined ? [] : [`--tags "${tags}"`]),
    ...(nameFilter === undefined ? [] : [`--${options.nameFlag} "${nameFilter}"`]),
  ].join(' and ');
  const where = features.length === 0 ? '' : ` in ${features.join(', ')}`;
  throw new NothingMatches(
    asked === '' ? `There is no scenario${where}.` : `No scenario${where} matches ${asked}.`,
    '`mall test features` runs all scenarios; features/README.md has their tags',
  );
}

function notTags(tags: string, error: unknown): CliError {
  return new CliError(`--tags cannot be "${tags}": it must be an expression of tags.`, {
    exitCode: exitCodes.usage,
    cause: error,
    next: '`mall test features --tags "@inside and not @lab"`',
  });
}
