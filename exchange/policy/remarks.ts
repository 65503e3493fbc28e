/**
 * What a reader of the rules should know, though it may be right: a state bars in spite of the national notice, or no
 * source was read for days without a rule. It never keeps a rule from being loaded.
 */

import { turnsOnStaysAlone } from '#core/book/rule.ts';
import { instantMs } from '#core/field/time.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { FLOOR_FROM_MS } from '#core/terms/notice.ts';
import type { RuleFault } from './forgotten.ts';
import type { ProvinceText } from './schema/province.ts';

export function remarksOn(texts: readonly RuleText[]): RuleFault[] {
  return texts.flatMap((text, index) => (text.confirmed ? barring(text, index) : []));
}

/** `index` says which province. */
export function unreadIn(provinces: readonly ProvinceText[]): RuleFault[] {
  return provinces.flatMap(({ noneKnown }, index) =>
    noneKnown.flatMap(({ for: scopes, from, until, searched }, at) =>
      searched.length > 0
        ? []
        : [
            {
              index,
              pointer: `/noneKnown/${at}`,
              detail: `no source was read for ${scopes.join(', ')} from ${from} until ${until}`,
              mend: 'read one; until then answers say so',
            },
          ],
    ),
  );
}

/**
 * From the notice of 29 July 2022 on nobody with a negative is refused: what bars stands beside the outcome. Stays may
 * refuse, and what turns on them alone does.
 */
function barring({ inForce: { until }, states = [] }: RuleText, index: number): RuleFault[] {
  if (until !== null && instantMs(until) <= FLOOR_FROM_MS) return [];
  return states.flatMap(({ state, bars = [], when, unless }, at) =>
    bars.length === 0 || (when !== undefined && turnsOnStaysAlone([when, unless]))
      ? []
      : [
          {
            index,
            pointer: `/states/${at}/bars`,
            detail: `bars whoever has ${state} from ${bars.join(', ')} after 29 July 2022`,
            mend: 'nothing, if its announcement says so: the outcome stays, and the answer says that one may not go in',
          },
        ],
  );
}
