import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';

type Done = Parameters<SpanExporter['export']>[1];

/** Hands spans on and counts them. The log tells once that nobody takes them, and once that somebody does again. */
export class WatchedExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #logger: Logger;
  readonly #exported: (spans: number) => void;
  /** Spans lost since the last one that was taken. */
  #lost = 0;

  constructor(exporter: SpanExporter, logger: Logger, exported: (spans: number) => void) {
    this.#exporter = exporter;
    this.#logger = logger;
    this.#exported = exported;
  }

  export(spans: ReadableSpan[], done: Done): void {
    this.#exporter.export(spans, (result) => {
      // Success, in the SDK's numbers; its module is not worth loading for one.
      if (result.code === 0) this.#taken(spans.length);
      else this.#refused(spans.length, result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  #taken(spans: number): void {
    this.#exported(spans);
    if (this.#lost > 0) this.#logger.info({ lost: this.#lost }, 'spans can be exported again');
    this.#lost = 0;
  }

  #refused(spans: number, error: Error | undefined): void {
    if (this.#lost === 0)
      this.#logger.warn({ err: error }, 'spans cannot be exported and are lost; the mall itself goes on');
    this.#lost += spans;
  }
}
