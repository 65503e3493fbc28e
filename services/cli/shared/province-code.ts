/** A province as options and arguments name it: by its code. A wrong one is refused in the same words everywhere. */

import { InvalidArgumentError } from 'commander';
import { isProvinceCode, PROVINCES, type ProvinceCode } from '#core/field/regions.ts';

export function parseProvinceCode(text: string): ProvinceCode {
  if (isProvinceCode(text)) return text;
  throw new InvalidArgumentError(
    `It is one of ${PROVINCES.map(({ code, nameEn }) => `${code} ${nameEn}`).join(', ')}.`,
  );
}
