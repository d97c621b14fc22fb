import { z } from 'zod';

const mall = z.object({
  name: z.string(),
  rest: z.string(),
  grpc: z.string().optional(),
  inside: z
    .object({
      postgresUrl: z.string(),
      databases: z.record(z.string(), z.string()).optional(),
      natsUrl: z.string(),
      natsStream: z.string(),
    })
    .optional(),
});

/** What the process that runs the scenarios is told. */
export const jobShape = z.object({
  cwd: z.string(),
  /** Feature files, folders or `file:line`. */
  paths: z.array(z.string()),
  /** Step files and patterns for them. */
  steps: z.array(z.string()),
  tagExpression: z.string(),
  names: z.array(z.string()),
  parallel: z.number(),
  retry: z.number(),
  failFast: z.boolean(),
  /** Where each report goes, by cucumber's name of its format. */
  reports: z.record(z.string(), z.string()),
  parameters: z.object({
    mall,
    run: z.string(),
    infra: z.string(),
    mode: z.string(),
    patienceMs: z.number(),
  }),
});
export type FeatureJob = z.output<typeof jobShape>;

const outcome = z.object({
  feature: z.string(),
  scenario: z.string(),
  /** `features/baskets/add_item.feature:12` */
  place: z.string(),
  status: z.enum(['passed', 'failed', 'skipped']),
  /** Why it failed, with the step; blank where it did not. */
  reason: z.string(),
  /** How often it ran; more than once where it was tried again. */
  attempts: z.number(),
  ms: z.number(),
});
export type ScenarioOutcome = z.output<typeof outcome>;

/** What that process tells. */
export const newsShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planned'), scenarios: z.number() }),
  z.object({ kind: z.literal('scenario'), outcome }),
  z.object({ kind: z.literal('done'), success: z.boolean() }),
  z.object({ kind: z.literal('broken'), message: z.string() }),
]);
export type FeatureNews = z.output<typeof newsShape>;
