/** What the exit code of `mall` says; scripts rely on it. */
export const exitCodes = {
  ok: 0,
  /** A check the verb was asked to make has failed, or something broke that has no code of its own. */
  checkFailed: 1,
  usage: 2,
  configuration: 3,
  /** Something outside the mall stands in the way; the message says how to remove it. */
  environment: 4,
  startTimeout: 5,
  thresholdMissed: 6,
  auditViolation: 7,
  notDeployable: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The name of an exit code as programs read it in an error: `threshold-missed`. */
export function exitCodeName(exitCode: number): string {
  const [name] = Object.entries(exitCodes).find(([, code]) => code === exitCode) ?? ['checkFailed'];
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
