/** What is wrong with something that a person wrote: where, what, and how to mend it. It never repeats a value. */

export interface Fault {
  /** JSON pointer into the file. */
  readonly pointer: string;
  readonly detail: string;
  readonly mend: string;
}

export function noTime(pointer: string): Fault {
  return {
    pointer,
    detail: 'is no time',
    mend: 'give one of the calendar with its offset, such as 2022-08-01T08:12+08:00, or a date alone',
  };
}
