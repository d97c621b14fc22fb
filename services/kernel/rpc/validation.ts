import { BadRequest, type Id, id, type Money, moneyFromNumber } from '../domain/index.ts';

/** The longest id, name and text a door lets in (rows X13; ids are opaque, see the design's section 8). */
export const edgeLimits = { idChars: 128, nameChars: 256, textChars: 4_096 } as const;

const CONTROL = /\p{Cc}/u;

/**
 * An id that must name something: anything printable of a bounded length; whether it may be blank is the domain's.
 * @throws BadRequest naming the field
 */
export function idField<Kind extends Id<string>>(name: string, text: string): Kind {
  check(name, text, edgeLimits.idChars);
  return id<Kind>(text);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids that come from elsewhere: bots are not ours. */
const FOREIGN_IDS: ReadonlySet<string> = new Set(['botId']);

/** The rule `uuids` (row X13): every id of the request that the mall mints is blank or a UUID. @throws BadRequest */
export function checkUuids(request: object): void {
  for (const [name, value] of Object.entries(request)) {
    const isId = (name === 'id' || name.endsWith('Id')) && !FOREIGN_IDS.has(name);
    if (isId && typeof value === 'string' && value !== '' && !UUID.test(value)) {
      throw new BadRequest(`${name} is no UUID`);
    }
  }
}

/** A one-line name, trimmed at neither end: what a client stores it gets back. @throws BadRequest */
export function nameField(name: string, text: string): string {
  check(name, text, edgeLimits.nameChars);
  return text;
}

/** A longer text; line breaks are fine in it. @throws BadRequest */
export function textField(name: string, text: string): string {
  check(name, text.replaceAll(/[\r\n\t]/g, ' '), edgeLimits.textChars);
  return text;
}

/** An amount of money. @throws BadRequest for what is no exact amount */
export function moneyField(name: string, amount: number): Money {
  return moneyFromNumber(amount, name);
}

function check(name: string, text: string, maxChars: number): void {
  if (text.length > maxChars) throw new BadRequest(`${name} is longer than ${maxChars} characters`);
  if (CONTROL.test(text)) throw new BadRequest(`${name} holds control characters`);
  if (!text.isWellFormed()) throw new BadRequest(`${name} is no well-formed Unicode text`);
}

export interface Page {
  readonly size: number;
  /** Where the page begins, as the one before told it; undefined for the first. */
  readonly after: readonly string[] | undefined;
}

export const pageLimits = { defaultSize: 100, maxSize: 1_000 } as const;

/** Reads `page_size` and `page_token`. @throws BadRequest for a negative size or a token we did not make */
export function pageField(size: number, token: string, keys: number): Page {
  if (size < 0) throw new BadRequest('the page size cannot be negative');
  const bounded = Math.min(size || pageLimits.defaultSize, pageLimits.maxSize);
  if (token === '') return { size: bounded, after: undefined };
  const after = readToken(token);
  if (after?.length !== keys)
    throw new BadRequest('the page token is none of ours; leave it out for the first page');
  return { size: bounded, after };
}

/** Makes the token that begins the page after the row with these sort keys. */
export function pageToken(keys: readonly string[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

function readToken(token: string): string[] | undefined {
  try {
    const keys: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(keys) && keys.every(isKey)) return keys;
  } catch {
    // Falls through: whatever it is, it is no token.
  }
  return undefined;
}

/** Nothing a door let in holds control characters, and Postgres takes no text with a NUL. */
function isKey(key: unknown): key is string {
  return typeof key === 'string' && !CONTROL.test(key);
}
