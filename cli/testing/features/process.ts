import { loadSources, runCucumber } from '@cucumber/cucumber/api';
import { type FeatureJob, type FeatureNews, jobShape } from './job.ts';
import { Outcomes } from './outcomes.ts';

/*
 * Runs scenarios in a process of its own, so that a run that hangs can be ended: cucumber has no way to be called off.
 */

// Whoever started it has all there is to tell, or is gone.
process.once('disconnect', () => process.exit());
process.once('message', (message) => {
  const job = jobShape.parse(message);
  run(job)
    .catch((error: unknown) => tell({ kind: 'broken', message: told(error) }))
    .finally(() => process.disconnect());
});

async function run(job: FeatureJob): Promise<void> {
  const sources = {
    paths: job.paths,
    names: job.names,
    tagExpression: job.tagExpression,
    defaultDialect: 'en',
    order: 'defined' as const,
  };
  const { plan, errors } = await loadSources(sources, { cwd: job.cwd });
  if (errors.length > 0) {
    const places = errors.map(({ uri, location, message }) => `${uri}:${location.line} ${message}`);
    return tell({ kind: 'broken', message: `a feature cannot be read: ${places.join('; ')}` });
  }
  await tell({ kind: 'planned', scenarios: plan.length });
  if (plan.length === 0) return tell({ kind: 'done', success: true });
  const outcomes = new Outcomes();
  const { success } = await runCucumber(configuration(job, sources), { cwd: job.cwd }, (envelope) => {
    const outcome = outcomes.take(envelope);
    if (outcome !== undefined) void tell({ kind: 'scenario', outcome });
  });
  await tell({ kind: 'done', success });
}

function configuration(
  job: FeatureJob,
  sources: Parameters<typeof runCucumber>[0]['sources'],
): Parameters<typeof runCucumber>[0] {
  const { parallel, retry, failFast, parameters } = job;
  return {
    sources,
    support: { importPaths: job.steps },
    runtime: {
      dryRun: false,
      failFast,
      filterStacktraces: true,
      // One at a time needs no second thread.
      parallel: parallel > 1 ? parallel : 0,
      retry,
      retryTagFilter: '',
      strict: true,
      worldParameters: parameters,
    },
    formats: {
      // The run tells by itself how it goes; cucumber insists on a format for standard output.
      stdout: 'summary',
      files: Object.fromEntries(Object.entries(job.reports).map(([format, file]) => [file, format])),
      publish: false,
      options: {},
    },
  };
}

function tell(news: FeatureNews): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) return resolve();
    process.send(news, () => resolve());
  });
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
