import type { Logger } from 'pino';

/** What a sender may want to know beside number and text. */
export interface Sending {
  /** The same at each attempt at one notification: a provider that takes idempotency keys sends it once. */
  readonly id: string;
  /** Aborts when the attempt is given up. */
  readonly signal: AbortSignal;
}

/** The way to the customer's phone. What it throws is tried again later. */
export interface Sender {
  send(to: string, text: string, sending: Sending): Promise<void>;
}

/** Sends nothing and says so in the log, without the number: personal data stays out of it. */
export function logSender(logger: Logger): Sender {
  return {
    send: async (_to, text, { id }) => logger.info({ notification: id, text }, 'a notification was sent'),
  };
}
