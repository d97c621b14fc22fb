import { Pool } from 'undici';

type Verb = 'GET' | 'POST' | 'PUT';

/**
 * The mall's REST door over connections that are kept, as lean as a load generator needs it: what the request API of
 * the library makes for each answer outlives it, and has this process look for garbage while it measures.
 */
export class RestClient {
  readonly #pool: Pool;

  constructor(restUrl: string, { connections }: { connections: number }) {
    this.#pool = new Pool(restUrl, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 });
  }

  /** Sends a request and answers the body. @throws Error for any status but 200 */
  send(method: Verb, path: string, body?: object): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers };
    const chunks: Buffer[] = [];
    let status = 0;
    this.#pool.dispatch(
      { method, path, ...sent },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          const text = Buffer.concat(chunks).toString();
          if (status === 200) resolve(text);
          else reject(new Error(`${method} ${path} was answered ${status}: ${text.slice(0, 200)}`));
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      },
    );
    return promise;
  }

  /** Creates something and answers its id. */
  async created(path: string, body: object): Promise<string> {
    const answer: unknown = JSON.parse(await this.send('POST', path, body));
    if (typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string') {
      return answer.id;
    }
    throw new Error(`POST ${path} was answered without an id`);
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}
