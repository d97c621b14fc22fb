/** How the relay works while a benchmark runs; `polled` is the original's manner. */
export type Manner = 'woken' | 'polled';
