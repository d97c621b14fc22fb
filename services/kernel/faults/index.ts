/** Places where a process can be made to die, for proofs that nothing is lost there. */
export {
  armedCrash,
  CRASH_FILE_VARIABLE,
  CRASH_VARIABLE,
  type CrashPoint,
  type CrashPointFacts,
  crashPoint,
  crashPoints,
} from './crash-points.ts';
