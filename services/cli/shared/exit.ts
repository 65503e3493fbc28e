/** The exit statuses of the command. What each means for whom is in docs/exit-statuses.md. */

export const EXIT = {
  ok: 0,
  /** What was to be done wasn't, or what was looked at isn't as it must be. */
  failed: 1,
  usage: 2,
  /** Of an import alone: the door can't be reached. */
  doorAway: 3,
} as const;
