/**
 * Places by their GB/T 2260 codes: two digits a province, four a prefecture, six a county. Risk levels are the ninth
 * edition's.
 */
export const RISK_LEVELS = ['high', 'medium', 'low'] as const;

export const PLACE_CODE = '^\\d{2}(\\d{2}){0,2}$';

/** On record an area may be narrower: nine digits a street or township, twelve a neighbourhood or village. */
export const AREA_CODE = /^\d{2}(\d{2}){0,2}(\d{3}){0,2}$/;

/** Whether a stated place lies in another: a county in its prefecture and province. */
export function isWithin(outer: string, stated: string): boolean {
  return stated.startsWith(outer);
}
