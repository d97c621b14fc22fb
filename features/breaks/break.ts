/** A deliberate fault: a text of the product replaced by another, and the feature that has to tell. */
export interface Break {
  /** What is wrong then. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly search: string;
  readonly replace: string;
  /** The feature file that turns red. */
  readonly feature: string;
}
