import { type Span, SpanKind } from '@opentelemetry/api';
import { attributeNames, type SpanShape, startWithin } from '../telemetry/index.ts';

/** Makes a span for each statement that belongs to recorded work. Statements are few, so their spans' shapes are kept. */
export class QuerySpans {
  readonly #namespace: string;
  readonly #shapes = new Map<string, SpanShape>();

  constructor(url: string) {
    this.#namespace = URL.canParse(url) ? new URL(url).pathname.slice(1) : '';
  }

  /** @param text the statement; asked for only if it is recorded */
  start(text: () => string): Span | undefined {
    return startWithin(() => this.#shape(text()));
  }

  #shape(text: string): SpanShape {
    let shape = this.#shapes.get(text);
    if (shape === undefined) {
      const name = querySummary(text);
      const attributes = {
        [attributeNames.dbSystemName]: 'postgresql',
        [attributeNames.dbNamespace]: this.#namespace,
        [attributeNames.dbQuerySummary]: name,
      };
      shape = { name, kind: SpanKind.CLIENT, attributes };
      this.#shapes.set(text, shape);
    }
    return shape;
  }
}

const MAX_SUMMARY_CHARS = 255;
const operations = /\b(INSERT INTO|UPDATE|DELETE FROM|FROM|JOIN)\s+(\w+\.\w+)/gi;

/** What a statement does to which tables, such as `SELECT stores.events`: the statement itself is too long to read. */
export function querySummary(text: string): string {
  const parts = [...text.matchAll(operations)].map(([, words = '', table = '']) => {
    const [word = ''] = words.toUpperCase().split(' ');
    return `${word === 'FROM' || word === 'JOIN' ? 'SELECT' : word} ${table}`;
  });
  const [first = ''] = text.trimStart().split(/\s/, 1);
  return [...new Set(parts)].join(', ').slice(0, MAX_SUMMARY_CHARS) || first.toUpperCase();
}
