import assert from 'node:assert/strict';
import { connected } from '../../../containers/embedded/index.ts';
import { contextNames } from '../../../proto/contexts.ts';
import { contextDatabaseUrl } from '../../malls/context-databases.ts';
import type { Mall } from './purchases.ts';

/** A mall whose contexts run apart, as shoppers use it. */
export function throughTheGateway(apart: {
  readonly restUrl: string;
  readonly adminUrl: string;
  readonly databases: Readonly<Record<string, string>>;
}): Mall {
  const mall: Mall = {
    async rest(method, path, body) {
      const response = await fetch(`${apart.restUrl}${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      return { told: String(response.status), body: answer };
    },
    async created(path, body) {
      const answer = await mall.rest('POST', path, body);
      assert.equal(answer.told, '200', JSON.stringify(answer.body));
      assert.ok(typeof answer.body === 'object' && answer.body !== null && 'id' in answer.body);
      return String(answer.body.id);
    },
    async rows(text, values = []) {
      const context = contextNames.find((name) => text.includes(`${name}.`)) ?? 'baskets';
      const url = contextDatabaseUrl({ postgresUrl: apart.adminUrl, databases: apart.databases }, context);
      return connected(url, async (client) => (await client.query(text, [...values])).rows);
    },
  };
  return mall;
}
