/**
 * Why a result, a message or a line is not taken. A fault names a field, never what stood in it: that might be a
 * person's name or number.
 */
export interface FormatFault {
  /** Segment and field such as `OBR-22`; '' for the whole line or message. */
  readonly field: string;
  readonly reason: string;
  /** How to mend it. */
  readonly hint: string;
}

/** In one sentence, and a second one of how to mend it. */
export function describeFault({ field, reason, hint }: FormatFault): string {
  return `${field === '' ? '' : `${field} `}${reason}${hint === '' ? '' : `. To mend: ${hint}`}`;
}

export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: FormatFault };

export function taken<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fault(
  field: string,
  reason: string,
  hint: string,
): { readonly ok: false; readonly fault: FormatFault } {
  return { ok: false, fault: { field, reason, hint } };
}
