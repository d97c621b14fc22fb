import { z } from 'zod';
import { contextNames } from '../../proto/contexts.ts';

/** Passwords by the logical names of contexts, which are theirs in upper case. */
export type PasswordsByContext = Readonly<Record<string, string>>;

/** Pairs such as `STORES=secret,BASKETS=another`. What is wrong with them is told without what they hold. */
export const passwordsByContext = z.string().transform((text, context): PasswordsByContext => {
  const passwords: Record<string, string> = {};
  for (const pair of text.split(',').map((each) => each.trim())) {
    if (pair === '') continue;
    const [, name = '', password = ''] = /^(\w+)=(.+)$/.exec(pair) ?? [];
    if (!contextNames.some((known) => known === name.toLowerCase())) {
      context.addIssue(
        'it must hold contexts and their passwords, as STORES=…,BASKETS=… with commas between',
      );
      return z.NEVER;
    }
    passwords[name.toUpperCase()] = password;
  }
  return passwords;
});
