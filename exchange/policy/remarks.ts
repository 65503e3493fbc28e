/**
 * What a reader of the rules should know, though it may be right: a state bars in spite of the national notice, who
 * doesn't say where they were is turned away, or no source was read for days without a rule. It never keeps a rule from
 * being loaded.
 */

import { turnsOnStaysAlone } from '#core/book/rule.ts';
import { clausesIn } from '#core/clauses/clause-text.ts';
import { instantMs } from '#core/field/time.ts';
import type { RuleText } from '#core/rules/rule-text.ts';
import { FLOOR_FROM_MS } from '#core/terms/notice.ts';
import type { RuleFault } from './forgotten.ts';
import type { ProvinceText } from './schema/province.ts';

export function remarksOn(texts: readonly RuleText[]): RuleFault[] {
  return texts.flatMap((text, index) => (text.confirmed ? [...barring(text, index), ...askedOfAll(text, index)] : []));
}

/** What asks something only of people who were somewhere asks nothing of the others, and may turn none of them away. */
function askedOfAll({ clauses }: RuleText, index: number): RuleFault[] {
  return clauses.flatMap((outer, at) =>
    [...clausesIn(outer, `/clauses/${at}`)].flatMap(({ clause, pointer }) =>
      clause.for?.notVisited === undefined || Object.keys(clause.for).length > 1
        ? []
        : [
            {
              index,
              pointer: `${pointer}/for/notVisited`,
              detail: 'turns away whoever doesn’t state where they were',
              mend:
                'write `no_visit` beside what is asked of the others, if its announcement names only people who ' +
                'were there: then a visit that isn’t stated is asked for',
            },
          ],
    ),
  );
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
