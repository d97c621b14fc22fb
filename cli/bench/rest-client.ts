import { Pool } from 'undici';

type Verb = 'GET' | 'POST' | 'PUT';

/** The mall's REST door over connections that are kept, as lean as a load generator needs it. */
export class RestClient {
  readonly #pool: Pool;

  constructor(restUrl: string, { connections }: { connections: number }) {
    this.#pool = new Pool(restUrl, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 });
  }

  /** Sends a request and answers the body. @throws Error for any status but 200 */
  async send(method: Verb, path: string, body?: object): Promise<string> {
    const response = await this.#pool.request({
      method,
      path,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const text = await response.body.text();
    if (response.statusCode === 200) return text;
    throw new Error(`${method} ${path} was answered ${response.statusCode}: ${text.slice(0, 200)}`);
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
