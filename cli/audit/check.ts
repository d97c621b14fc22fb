import type { Findings, Rule } from './findings.ts';
import type { Snapshots } from './snapshots.ts';
import type { ConsumerStanding, Stream } from './stream.ts';

/** What the audit reads: the databases as of one moment each, and the stream as of then or a little later. */
export interface Sources {
  readonly snapshots: Snapshots;
  readonly stream: Stream;
  /** How far each durable consumer had come before that moment. */
  readonly consumers: ReadonlyMap<string, ConsumerStanding>;
  /** Messages after this sequence came in while databases were frozen one after the other. */
  readonly frozenFrom: number;
  readonly allowDeadLetters: boolean;
}

/** One pass over the sources, proving one rule or several that need the same reading. */
export interface Check {
  readonly rules: readonly Rule[];
  run(sources: Sources, findings: Findings): Promise<void>;
}
