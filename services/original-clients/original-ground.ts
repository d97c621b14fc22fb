import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { OrderingServiceService } from '../../proto/gen/ordering/api.ts';
import { eventually, startTestProcess, type TestProcess } from '../kernel/testing/index.ts';
import { mallModules } from '../mall.ts';

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A mall of all contexts for one test file, and the ways of the original's clients to it: JSON in, JSON out. */
export class OriginalGround {
  #mall: TestProcess | undefined;

  constructor() {
    before(async () => {
      this.#mall = await startTestProcess(mallModules());
    });
    after(() => this.#mall?.stop());
  }

  get mall(): TestProcess {
    return this.#mall ?? assert.fail('the mall is started before the first test');
  }

  async request(method: string, path: string, body?: unknown): Promise<Answered> {
    const response = await fetch(`${this.mall.restUrl}${path}`, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, body: asObject(await response.json()) };
  }

  /** As {@link request}, for what must succeed. Answers the body. */
  async done(method: string, path: string, body?: unknown): Promise<Answered['body']> {
    const answer = await this.request(method, path, body);
    assert.equal(answer.status, 200, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async created(path: string, body: unknown): Promise<string> {
    return textIn(await this.done('POST', path, body), 'id');
  }

  async orderBecomes(orderId: string, status: string): Promise<void> {
    await eventually(async () => {
      const { order } = await this.mall.call(OrderingServiceService.getOrder, { id: orderId });
      assert.equal(order?.status, status);
    });
  }

  /** Empties tables between scenarios as the original's suite does. */
  async empty(...tables: readonly string[]): Promise<void> {
    for (const table of tables) await this.mall.rows(`TRUNCATE ${table}`);
  }
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), 'a JSON object');
  return Object.fromEntries(Object.entries(value));
}

export function objectIn(body: Answered['body'], name: string): Answered['body'] {
  return asObject(body[name]);
}

export function listIn(body: Answered['body'], name: string): Answered['body'][] {
  const list = body[name];
  assert.ok(Array.isArray(list), `${name} is a list`);
  return list.map(asObject);
}

export function textIn(body: Answered['body'], name: string): string {
  const value = body[name];
  assert.ok(typeof value === 'string' && value !== '', `${name} is text`);
  return value;
}

export function numberIn(body: Answered['body'], name: string): number {
  const value = body[name];
  assert.ok(typeof value === 'number', `${name} is a number`);
  return value;
}
