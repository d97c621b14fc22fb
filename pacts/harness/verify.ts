import type { JsonValue } from '@bufbuild/protobuf';
import { Verifier, type VerifierOptions } from '@pact-foundation/pact';
import { z } from 'zod';
import type { VerifiedInteraction } from '../../cli/pacts/verified-interaction.ts';
import { allMessages } from '../../proto/catalogue.ts';
import type { TestProcess } from '../../services/kernel/testing/index.ts';
import { descriptionOf } from '../contracts.ts';
import { About, type Provider } from './provider.ts';
import type { PactSource } from './source.ts';
import { Stage } from './stage.ts';

/** Of the verifier's own requests, to bring about a state or to have a message made. */
const longestRequestMs = 60_000;

/** Verifies what a pacticipant owes, on the real contexts. */
export async function verifyPacts(
  pacticipant: string,
  { provider, mall, source }: { provider: Provider; mall: TestProcess; source: PactSource },
): Promise<readonly VerifiedInteraction[]> {
  const scene = new Scene(provider, mall);
  const verifier = new Verifier({
    ...source,
    provider: pacticipant,
    providerBaseUrl: mall.restUrl,
    failIfNoPactsFound: false,
    logLevel: 'error',
    timeout: longestRequestMs,
    beforeEach: () => scene.begin(),
    stateHandlers: scene.stateHandlers(),
    messageProviders: scene.messageProviders(),
    requestFilter: (request: Asked, response: Answering, next: () => void) => {
      const trouble = scene.troubleWith(request.path, request.body);
      if (trouble === undefined) next();
      else response.status(500).json({ message: trouble });
    },
  });
  const text = await verifier.verifyProvider().catch((error: unknown) => {
    if (error instanceof Error && error.message.startsWith('{')) return error.message;
    throw error;
  });
  const { interactionResults } = report.parse(JSON.parse(text));
  return interactionResults.map((result, index) => interactionOf(result, scene.troubles[index] ?? []));
}

/** Of express's requests and responses, whose types are not installed, what is used here. */
interface Asked {
  readonly path: string;
  readonly body: unknown;
}
interface Answering {
  status(code: number): { json(body: unknown): unknown };
}

const mismatch = z.object({ mismatch: z.string().optional() });
const report = z.object({
  interactionResults: z.array(
    z.object({
      consumer: z.string(),
      provider: z.string(),
      description: z.string(),
      providerStates: z.array(z.string()).default([]),
      pending: z.boolean().default(false),
      result: z.string(),
      mismatch: z
        .object({
          type: z.string(),
          message: z.string().optional(),
          mismatches: z.array(mismatch).default([]),
        })
        .optional(),
    }),
  ),
});

type Result = z.infer<typeof report>['interactionResults'][number];

function interactionOf(result: Result, troubles: readonly string[]): VerifiedInteraction {
  const { consumer, provider, description, providerStates: states, pending } = result;
  const differences = (result.mismatch?.mismatches ?? []).flatMap((each) => each.mismatch ?? []);
  const told = [...troubles, ...(troubles.length > 0 ? [] : differences)];
  const reasons = told.length > 0 ? told : [result.mismatch?.message ?? 'it could not be verified'];
  const ok = result.result === 'OK' && troubles.length === 0;
  return { consumer, provider, description, states, pending, ok, reasons: ok ? [] : reasons };
}

/** What goes on around the interactions: the ground of each, and what went wrong with it. */
class Scene {
  /** By interaction, in the order in which they are verified. */
  readonly troubles: string[][] = [];
  readonly #provider: Provider;
  readonly #mall: TestProcess;
  #stage: Stage;

  constructor(provider: Provider, mall: TestProcess) {
    this.#provider = provider;
    this.#mall = mall;
    this.#stage = new Stage(mall, provider.context);
  }

  async begin(): Promise<void> {
    this.troubles.push([]);
    await this.#provider.forget?.(this.#mall);
    this.#stage = new Stage(this.#mall, this.#provider.context);
  }

  stateHandlers(): NonNullable<VerifierOptions['stateHandlers']> {
    const handlers = Object.entries(this.#provider.states).map(([state, setUp]) => {
      const setup = async (params: unknown) => {
        await this.#attempt(`the state "${state}"`, () => setUp(this.#stage, aboutIn(params)));
        return this.#stage.ids;
      };
      return [state, { setup }] as const;
    });
    return Object.fromEntries(handlers);
  }

  messageProviders(): NonNullable<VerifierOptions['messageProviders']> {
    const handlers = allMessages.map((message) => {
      const produce = () =>
        this.#attempt('the message', async () => {
          const { payload, metadata } = await this.#stage.message(message.name);
          const content = { Name: metadata.name, Payload: payload };
          return { message: JSON.stringify(content), __pactMessageMetadata: metadata };
        });
      return [descriptionOf(message), produce] as const;
    });
    return Object.fromEntries(handlers);
  }

  /** Why a request is not passed on: a state that nobody knows, or one that could not be brought about. */
  troubleWith(path: string, body: unknown): string | undefined {
    const state = asked.safeParse(body).data?.state;
    if (path === '/_pactSetup') {
      if (state !== undefined && state !== '' && !(state in this.#provider.states))
        this.troubles.at(-1)?.push(`${this.#provider.context} has no state "${state}"`);
      return undefined;
    }
    return this.troubles.at(-1)?.[0];
  }

  async #attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.troubles.at(-1)?.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  }
}

const asked = z.object({ state: z.string().optional() });
const stateParameters = z.record(z.string(), z.custom<JsonValue>());

function aboutIn(params: unknown): About {
  return new About(stateParameters.safeParse(params).data);
}
