/** How a person's code stands at a destination, as a sentence for a guard, in Chinese and English. */

import { nameOfProvince, type ProvinceCode } from '#core/field/regions.ts';
import type { Words } from '#core/terms/words.ts';
import type { CodeHere } from './conversion.ts';

export function codeWords({ passes, shows }: CodeHere, clearedBy: readonly ProvinceCode[]): Words {
  if (passes === true)
    return {
      zh: '健康码未见异常，全国通行，无需另领本地码。',
      en: 'No anomaly: the code passes everywhere, and no local code is needed beside it.',
    };
  if (passes === null)
    return {
      zh: '暂不能确定健康码状态：部分数据或地方状态未能确认。',
      en: 'How the code stands is not certain: some data, or a local state, could not be confirmed.',
    };
  const named = clearedBy.map(nameOfProvince);
  const state = { zh: shows?.title?.zh ?? shows?.state ?? '', en: shows?.title?.en ?? shows?.state ?? '' };
  return {
    zh: `${state.zh}：由${named.map(({ zh }) => zh).join('、')}赋码，只能由赋码地解除。`,
    en: `${capitalised(state.en)}: assigned by ${named.map(({ en }) => en).join(' and ')}, which alone can clear it.`,
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
