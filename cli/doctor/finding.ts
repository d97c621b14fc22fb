/** What one check of `mall doctor` says. */
export interface Finding {
  /** `warn`: it works, but something is worth knowing or will not last. */
  readonly status: 'pass' | 'warn' | 'fail';
  /** What was seen, in a few words. */
  readonly found: string;
  /** What to do about it, with commands in backticks. */
  readonly fix?: string;
}

export interface Check {
  readonly name: string;
  readonly run: () => Promise<Finding> | Finding;
}

export interface Checked extends Finding {
  readonly check: string;
}

export const pass = (found: string): Finding => ({ status: 'pass', found });
export const warn = (found: string, fix: string): Finding => ({ status: 'warn', found, fix });
export const fail = (found: string, fix: string): Finding => ({ status: 'fail', found, fix });
