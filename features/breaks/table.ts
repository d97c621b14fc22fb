import type { Break } from './break.ts';
import { breaksOfContexts } from './of-contexts.ts';
import { breaksOfPlatform } from './of-platform.ts';

/** All faults that the features have to tell; every feature file tells at least one. */
export const breaks: readonly Break[] = [...breaksOfContexts, ...breaksOfPlatform];
