import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const DOCUMENT = 'document.json';

/**
 * Judges values by the schemas of an OpenAPI or AsyncAPI document, whose few keywords mean the same in both.
 * It takes a document at its word: properties that a schema does not name are refused, unless it says what
 * others are like.
 */
export class SchemaCheck {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #compiled = new Map<object, ValidateFunction>();

  constructor(document: object) {
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(closed(document), DOCUMENT);
  }

  /** @throws AssertionError naming what does not fit */
  fits(schema: object, value: unknown, what: string): void {
    let isFit = this.#compiled.get(schema);
    if (!isFit) {
      isFit = this.#ajv.compile(closed(schema));
      this.#compiled.set(schema, isFit);
    }
    const fits = isFit(value);
    assert.ok(fits, `${what}: ${this.#ajv.errorsText(isFit.errors)} in ${JSON.stringify(value)}`);
  }
}

/** A copy whose objects hold what they declare and nothing else, and whose references name the document. */
function closed(document: object): object {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string') return `${DOCUMENT}${value}`;
    if (typeof value !== 'object' || value === null) return value;
    const isOpen = 'type' in value && value.type === 'object' && !('additionalProperties' in value);
    return isOpen ? { ...value, additionalProperties: false } : value;
  });
}
