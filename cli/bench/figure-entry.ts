/** One number that `mall bench` measures. */
export interface FigureEntry {
  readonly title: string;
  readonly unit: 'ms' | '/s' | 'MB' | 's' | '×';
  readonly better: 'lower' | 'higher';
  /** What design and README promise of a quiet machine with two cores; absent where nothing is promised. */
  readonly target?: number;
}
