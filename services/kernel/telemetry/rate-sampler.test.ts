import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { RateSampler } from './rate-sampler.ts';

test('so many traces a second are taken, and what one second leaves is not saved for later ones', () => {
  let now = 0;
  const sampler = new RateSampler(2, () => now);
  let traces = 0;
  const takenOf = (count: number) =>
    Array.from({ length: count }, () => sampler.shouldSample(ROOT_CONTEXT, `trace ${traces++}`)).filter(
      ({ decision }) => decision === SamplingDecision.RECORD_AND_SAMPLED,
    ).length;
  assert.equal(takenOf(5), 2);
  now = 500;
  assert.equal(takenOf(5), 1);
  now = 60_000;
  assert.equal(takenOf(5), 2);
});

const fromOutside = (traceId: string) =>
  trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: '1', traceFlags: 0, isRemote: true });

test('the calls of one trace from outside are taken all or not at all', () => {
  const sampler = new RateSampler(1, () => 0);
  const decisions = ['a', 'b', 'a', 'b'].map(
    (traceId) => sampler.shouldSample(fromOutside(traceId), traceId).decision,
  );
  const { RECORD_AND_SAMPLED, NOT_RECORD } = SamplingDecision;
  assert.deepEqual(decisions, [RECORD_AND_SAMPLED, NOT_RECORD, RECORD_AND_SAMPLED, NOT_RECORD]);
});

test('less than one a second is one now and then', () => {
  let now = 0;
  const sampler = new RateSampler(0.125, () => now);
  const taken = () =>
    sampler.shouldSample(ROOT_CONTEXT, `trace at ${now}`).decision !== SamplingDecision.NOT_RECORD;
  const seconds = Array.from({ length: 21 }, (_, second) => {
    now = second * 1000;
    return taken() ? [second] : [];
  }).flat();
  assert.deepEqual(seconds, [0, 8, 16]);
});
