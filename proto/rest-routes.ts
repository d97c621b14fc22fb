import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { descriptors } from './descriptors.ts';
import { HttpRule } from './gen/google/api/http.ts';

/** The extension number of `google.api.http`. */
const httpOption = 72295728;

export type RestVerb = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH';

export interface RestRoute {
  readonly verb: RestVerb;
  /** Path template, with parameters in braces: `/api/stores/{store_id}/products`. */
  readonly path: string;
  /** True where the whole request body is the request message; else parameters come from path and query. */
  readonly hasBody: boolean;
  /** 0 for the RPC's own route, then its additional bindings in order. */
  readonly binding: number;
  readonly service: DescService;
  readonly method: DescMethod;
}

const verbs = { get: 'GET', put: 'PUT', post: 'POST', delete: 'DELETE', patch: 'PATCH' } as const;

function routeOf(rule: HttpRule, binding: number, method: DescMethod): RestRoute {
  const pattern = rule.pattern;
  const where = `${method.parent.typeName}/${method.name}`;
  if (pattern === undefined || pattern.$case === 'custom') throw new Error(`${where}: a route needs a verb`);
  if (rule.body !== '' && rule.body !== '*') throw new Error(`${where}: a body is the whole request or none`);
  if (rule.responseBody !== '') throw new Error(`${where}: a response body is the whole response`);
  return {
    verb: verbs[pattern.$case],
    path: pattern.value,
    hasBody: rule.body === '*',
    binding,
    service: method.parent,
    method,
  };
}

/** The routes of one RPC; none if it is reached over gRPC only. */
export function routesOf(method: DescMethod): readonly RestRoute[] {
  const field = method.proto.options?.$unknown?.find(({ no }) => no === httpOption);
  if (field === undefined) return [];
  const rule = HttpRule.decode(new BinaryReader(field.data).bytes());
  return [rule, ...rule.additionalBindings].map((each, binding) => routeOf(each, binding, method));
}

/** Every REST route of the mall, service by service in the order of the .proto files. */
export function restRoutes(): readonly RestRoute[] {
  return [...descriptors()]
    .filter((desc) => desc.kind === 'service')
    .flatMap((service) => service.methods.flatMap(routesOf));
}
