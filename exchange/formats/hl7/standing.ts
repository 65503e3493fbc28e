/** How a message stands in its file: whether it's known to be whole, and to be a message. Only data. */

/**
 * `proven`: something follows that only follows a whole message. `line`: the input ends after a line. `open`: it ends
 * within one, so that the last field may go on.
 */
export type Ending = 'proven' | 'line' | 'open';

export interface Standing {
  readonly ending: Ending;
  /** Set where a note's text might have been taken for the beginning of a message, or the other way round. */
  readonly isDoubtful: boolean;
}
