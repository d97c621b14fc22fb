import assert from 'node:assert/strict';
import { channelLimits, type RemoteMethod, type Role, RpcChannels, Tokens } from '../rpc/index.ts';
import type { Answer, TestProcess } from './test-process.ts';

/** The secret of malls under test that ask for tokens. */
export const testSecret = 'the secret of the mall under test';

const tokens = new Tokens(testSecret);

/** Somebody at both doors of a mall under test, with a token of a role or, without one, with none. */
export class Person {
  readonly id: string;
  readonly #mall: TestProcess;
  readonly #authorization: (() => Promise<string>) | undefined;

  constructor(mall: TestProcess, { role, id = 'somebody' }: { role?: Role | undefined; id?: string } = {}) {
    this.id = id;
    this.#mall = mall;
    this.#authorization =
      role && (async () => `Bearer ${await tokens.mint({ id, role }, { ttlMs: 60_000 })}`);
  }

  /** Calls the gRPC door. @throws MallError as the server told it */
  async call<Request, Response>(
    method: RemoteMethod<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const channels = new RpcChannels(() => this.#mall.grpcAddress, channelLimits, {
      authorization: this.#authorization,
    });
    try {
      return await channels.call('', method, request);
    } finally {
      channels.close();
    }
  }

  /** Calls the REST door. */
  async rest(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const authorization = await this.#authorization?.();
    const shown = { ...headers, ...(authorization !== undefined && { authorization }) };
    return this.#mall.rest(method, path, body, shown);
  }

  /** Creates something through the REST door and answers its id. */
  async created(path: string, body: unknown): Promise<string> {
    const { told, body: answer } = await this.rest('POST', path, body);
    assert.equal(told, '200');
    assert.ok(typeof answer === 'object' && answer !== null && 'id' in answer);
    return String(answer.id);
  }
}
