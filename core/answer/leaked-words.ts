/** That somebody else may have written in the name of who holds a key, in words. Nothing is decided here. */

import { nameOfProvince } from '#core/field/regions.ts';
import type { Words } from '#core/terms/words.ts';
import type { KeyHolder } from '#core/view/leaks.ts';

const NAMES = {
  national: { zh: '国家平台', en: 'the national role' },
  operator: { zh: '互认平台运营方', en: 'the operator of the exchange' },
} as const satisfies Partial<Record<KeyHolder, Words>>;

export function leakedWords(leaked: readonly KeyHolder[]): Words {
  const names = leaked.map(nameOf);
  return {
    zh: `${names.map(({ zh }) => zh).join('、')}的密钥曾泄露，以其名义的记录可能系他人伪造，正在剔除`,
    en:
      `a key of ${names.map(({ en }) => en).join(', ')} had leaked, so records in that name may be somebody else’s; ` +
      'they are being taken out',
  };
}

function nameOf(holder: KeyHolder): Words {
  return holder === 'national' || holder === 'operator' ? NAMES[holder] : nameOfProvince(holder);
}
