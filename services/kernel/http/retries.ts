import type { DescMethod } from '@bufbuild/protobuf';

const comeAgainSeconds = '1';

/** By the naming rule of the protos; a search is a POST that changes nothing. */
export function isReading({ name }: Pick<DescMethod, 'name'>): boolean {
  return /^(Get|List|Search)/.test(name);
}

/**
 * The `Retry-After` of an answer with this status, if it has one. 503 says when to come again. After 504 the request
 * may still take effect, so whoever sends it again unasked could do it twice: it is invited to only where a repeat
 * does no harm, as when nothing is changed or an Idempotency-Key keeps the repeat from counting.
 */
export function retryAfter(
  status: number,
  request: { readonly method: Pick<DescMethod, 'name'>; readonly idempotencyKey: string | undefined },
): string | undefined {
  if (status === 503) return comeAgainSeconds;
  if (status !== 504) return undefined;
  return isReading(request.method) || request.idempotencyKey !== undefined ? comeAgainSeconds : undefined;
}
