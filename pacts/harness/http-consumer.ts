import { MatchersV3, Pact } from '@pact-foundation/pact';
import type { ContextName } from '../../proto/catalogue.ts';
import { pacticipant } from '../contracts.ts';
import { writtenPactsFolder } from './folders.ts';
import type { Expected, Given } from './message-consumer.ts';

const { fromProviderState, regex } = MatchersV3;

/** A call and its answer, as a consumer relies on them. */
export interface ExpectedCall {
  readonly given?: readonly Given[];
  readonly request: {
    readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
    readonly path: string | MatchersV3.Matcher<string>;
    readonly body?: Readonly<Record<string, Expected>>;
  };
  readonly status: number;
  /** The fields that are read, and no others. */
  readonly answer: Readonly<Record<string, Expected>>;
}

/** The contracts of one consumer with one context's REST door. */
export class HttpContracts {
  readonly #consumer: string;
  readonly #context: ContextName;

  constructor(consumer: string, context: ContextName) {
    this.#consumer = consumer;
    this.#context = context;
  }

  /** Adds a call to the contract once the real client, given the address to call, has made it and read the answer. */
  async answers(
    description: string,
    { given = [], request, status, answer }: ExpectedCall,
    asks: (url: string) => Promise<void>,
  ): Promise<void> {
    const pact = new Pact({
      consumer: this.#consumer,
      provider: pacticipant.api(this.#context),
      dir: writtenPactsFolder(),
      logLevel: 'error',
    });
    const interaction = pact.addInteraction().uponReceiving(description);
    for (const [state, about] of given) interaction.given(state, about && { ...about });
    const json = { 'content-type': 'application/json' };
    await interaction
      .withRequest(request.method, request.path, (builder) => {
        builder.headers({ accept: 'application/json', ...(request.body && json) });
        if (request.body) builder.jsonBody(request.body);
      })
      .willRespondWith(status, (builder) => {
        builder.headers(json);
        builder.jsonBody(answer);
      })
      .executeTest(({ url }) => asks(url));
  }
}

/** An id that the provider makes: the consumer passes it on and looks into it no further. */
export const anId = (example: string) => regex('.+', example);

/** A path with an id of the provider's in the place of its name: `/api/stores/{store-id}`. */
export function pathWith(path: string): MatchersV3.Matcher<string> {
  return fromProviderState(path.replaceAll('{', '$' + '{'), path.replaceAll(/[{}]/g, ''));
}

/** An id of the provider's in a request. */
export const idOf = (name: string) => pathWith(`{${name}}`);
