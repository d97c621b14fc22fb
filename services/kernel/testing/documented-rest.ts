import assert from 'node:assert/strict';
import type { OpenApiDocument } from '../http/index.ts';
import { SchemaCheck } from './schema-check.ts';
import type { Answer, TestProcess } from './test-process.ts';

type Operation = NonNullable<OpenApiDocument['paths'][string]['get']>;

interface PlacedOperation {
  readonly path: string;
  readonly verb: string;
  readonly operation: Operation;
}

/**
 * A client that knows of a mall's REST door only what a document says: paths, parameters, bodies. It holds
 * what it sends and what it is answered against the document's schemas, and remembers what was called.
 */
export class DocumentedRest {
  readonly #mall: TestProcess;
  readonly #document: OpenApiDocument;
  readonly #check: SchemaCheck;
  readonly #operations: ReadonlyMap<string, PlacedOperation>;
  readonly #called = new Set<string>();
  #refusals = 0;

  constructor(mall: TestProcess, document: OpenApiDocument) {
    this.#mall = mall;
    this.#document = document;
    this.#check = new SchemaCheck(document);
    const placed = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([verb, operation]) => ({ path, verb: verb.toUpperCase(), operation })),
    );
    this.#operations = new Map(placed.map((each) => [each.operation.operationId, each]));
  }

  /** The operations of the document that were not called with success yet. */
  get uncalled(): readonly string[] {
    return [...this.#operations.keys()].filter((id) => !this.#called.has(id));
  }

  get refusals(): number {
    return this.#refusals;
  }

  /** Calls an operation that must succeed. Fields go where the document puts them: path, query or body. */
  async ask(operationId: string, fields: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const { told, body } = await this.#send(operationId, fields);
    assert.equal(told, '200', operationId);
    const success = this.#placed(operationId).operation.responses['200'];
    assert.ok(success && 'content' in success, `${operationId} documents its answer`);
    this.#check.fits(success.content['application/json'].schema, body, operationId);
    this.#called.add(operationId);
    return body;
  }

  /** Calls an operation that creates something, and answers the id. */
  async created(operationId: string, fields: Readonly<Record<string, unknown>>): Promise<string> {
    const body = await this.ask(operationId, fields);
    assert.ok(typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string');
    return body.id;
  }

  /** Calls an operation that must be refused, and answers how: `404 there is no such thing`. */
  async refusal(operationId: string, fields: Readonly<Record<string, unknown>>): Promise<string> {
    const { status, told, body } = await this.#send(operationId, fields);
    assert.notEqual(status, 200, operationId);
    assert.deepEqual(this.#placed(operationId).operation.responses.default, {
      $ref: '#/components/responses/Failure',
    });
    const failure = this.#document.components.responses.Failure?.content['application/json'].schema;
    assert.ok(failure, 'failures are documented');
    this.#check.fits(failure, body, operationId);
    this.#refusals += 1;
    return told;
  }

  #placed(operationId: string): PlacedOperation {
    return this.#operations.get(operationId) ?? assert.fail(`${operationId} is not documented`);
  }

  #send(operationId: string, fields: Readonly<Record<string, unknown>>): Promise<Answer> {
    const { path: template, verb, operation } = this.#placed(operationId);
    const { parameters = [], requestBody } = operation;
    const rest = new Map(Object.entries(fields));
    const query = new URLSearchParams();
    let path = template;
    for (const { name, in: place, schema } of parameters) {
      if (!rest.has(name)) continue;
      this.#check.fits(schema, rest.get(name), `${operationId}: ${name}`);
      const value = String(rest.get(name));
      if (place === 'query') query.set(name, value);
      else path = path.replace(`{${name}}`, encodeURIComponent(value));
      rest.delete(name);
    }
    const body = requestBody && Object.fromEntries(rest);
    if (requestBody) {
      this.#check.fits(requestBody.content['application/json'].schema, body, `${operationId}: the request`);
    } else assert.deepEqual([...rest.keys()], [], `${operationId} has no place for these`);
    return this.#mall.rest(verb, query.size > 0 ? `${path}?${query}` : path, body);
  }
}
