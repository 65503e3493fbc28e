/**
 * What a duty asks for after arriving, in words. How far a person has come with it is not said here.
 */

import type { DutyTestsText } from './duty-tests.ts';
import { apartWords, joined } from './phrases.ts';
import type { Words } from './words.ts';

/** Such as "2 tests: 1 from 0 to 24 hours after arriving, 1 on days 1 to 4". */
export function wordsOfDutyTests({ takes, spans, apart, landing }: DutyTestsText): Words {
  const all = joined(
    spans.map(({ count, unit, from, to }) =>
      unit === 'hours'
        ? {
            zh: `到达后${from === 0 ? '' : `${from}至`}${to}小时内${count}次`,
            en: `${count} ${from === 0 ? `within ${to}` : `from ${from} to ${to}`} hours of arriving`,
          }
        : {
            zh: `到达第${from === to ? from : `${from}至${to}`}天${count}次`,
            en: `${count} on day${from === to ? ` ${from}` : `s ${from} to ${to}`} of the stay`,
          },
    ),
    '，',
    ', ',
  );
  const least = apartWords(apart);
  const excluded =
    landing === 'excluded' ? { zh: '，不含落地检', en: ', the landing test not counted' } : { zh: '', en: '' };
  return {
    zh: `${DUTY_TAKEN[takes].zh}：${all.zh}${least.zh}${excluded.zh}`,
    en: `${DUTY_TAKEN[takes].en}: ${all.en}${least.en}${excluded.en}`,
  };
}

const DUTY_TAKEN: Readonly<Record<DutyTestsText['takes'], Words>> = {
  samplings: { zh: '采样', en: 'samples' },
  results: { zh: '检测', en: 'tests' },
  negatives: { zh: '阴性结果', en: 'negatives' },
};
