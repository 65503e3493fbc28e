/** A province as an option or an argument names it: by its code. */

import { InvalidArgumentError } from 'commander';
import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';

export function parseProvinceCode(text: string): ProvinceCode {
  if (isProvinceCode(text)) return text;
  throw new InvalidArgumentError('It is the two-digit code of a province, 66 for the Corps.');
}
