/**
 * A rule as `hutong policy explain` prints it, in Chinese and English: everything that enters an answer, so that who
 * reads it knows what a gate will be told and why.
 */

import type { Rule } from '#core/book/rule.ts';
import { wordsOfCondition } from '#core/clauses/words.ts';
import { provinceOf } from '#core/field/regions.ts';
import { formatClock, parseTime } from '#core/field/time.ts';
import type { DutyText, RuleText, StateText } from '#core/rules/rule-text.ts';
import { type ClassNames, wordsOfFor } from '#core/terms/condition-words.ts';
import { wordsOfDutyTests } from '#core/terms/duty-words.ts';
import { INSTANT_WORDS } from '#core/terms/occasion-words.ts';
import { anchorWords } from '#core/terms/phrases.ts';
import type { Words } from '#core/terms/words.ts';
import type { Print } from '#services/cli/shared/print.ts';

export function printRule(rule: Rule, print: Print): void {
  const { text } = rule;
  const until = Number.isFinite(rule.inForceUntilMs) ? formatClock(rule.inForceUntilMs) : '…';
  print(`${rule.id} version ${rule.version}, ${formatClock(rule.inForceFromMs)} – ${until} (Beijing time)`);
  print(`${rule.title.zh} / ${rule.title.en}`);
  print(`用途 / Purposes: ${rule.purposes.join(', ').replaceAll('_', ' ')}`);
  printScope(text, print);
  if (Number.isFinite(rule.enforcedFromMs))
    say(
      '预告',
      `${formatClock(rule.enforcedFromMs)}前仅作预告或提醒、不作拦阻`,
      'Announced',
      `until ${formatClock(rule.enforcedFromMs)} it turns nobody away: the version before it decides, or ` +
        'where there is none it only reminds',
      print,
    );
  print(`认可: ${rule.words.zh}。`);
  print(`Recognises: ${rule.words.en}.`);
  if (rule.results.length > 0) print(`检测方法 / Methods: ${[...rule.methods].join(', ').replaceAll('_', ' ')}`);
  printWhatElseDecides(text, print);
  for (const duty of text.duties ?? []) printDuty(duty, text.classes, print);
  for (const state of text.states ?? []) printState(state, text.classes, print);
  if (rule.showsVaccination) say('接种', '回答中显示接种情况', 'Vaccination', 'is shown in answers', print);
  const { countFrom, from = 'all' } = text.daysSinceTest ?? { countFrom: ['sampled'] as const };
  const [days, whose] = [
    anchorWords(countFrom),
    from === 'all'
      ? { zh: '各地', en: 'all provinces’' }
      : listOf(from.map((code) => ({ zh: provinceOf(code).nameZh, en: provinceOf(code).nameEn }))),
  ];
  say('天数', `${days.zh}，按${whose.zh}的检测计算`, 'Days since test', `from ${days.en}, of ${whose.en} tests`, print);
  print(
    `数据 / Data: a province is behind after ${text.freshnessBoundSeconds} s; a gate asks again after ` +
      `${text.askAgainSeconds} s`,
  );
  if (text.note !== undefined) print(`注 / Note: ${text.note}`);
  for (const { title, url, reliability } of text.sources) print(`[${reliability}] ${title} ${url ?? ''}`);
}

function printScope({ except, place, takesPlaceOf, standsAlongside, afterwards }: RuleText, print: Print): void {
  const listed = (scopes: readonly string[]): string => scopes.join(', ').replaceAll('_', ' ');
  if (except !== undefined) print(`除外 / Except: ${listed(except)}`);
  if (place !== undefined) print(`适用地区 / Place: ${place.join(', ')}`);
  if (takesPlaceOf !== undefined)
    say(
      '取代',
      '各地规定自其生效起不再适用',
      'Takes the place of',
      'the rules of all provinces, while in force',
      print,
    );
  if (standsAlongside !== undefined)
    say('并行', '与各地规定并行，满足其一即可', 'Alongside', 'the rules of provinces: either recognises', print);
  if (afterwards !== undefined) print(`此后 / Afterwards: ${afterwards.zh} / ${afterwards.en}`);
}

/** Rules of the same destination and purpose that are known and never in force. */
export function printUnconfirmed(rules: readonly Rule[], print: Print): void {
  for (const { id, version, title, words } of rules)
    print(
      `未经确认、不生效 / Unconfirmed, never in force: ${id} version ${version}, ${title.zh} / ${title.en}: ` +
        `${words.zh} / ${words.en}`,
    );
}

function printWhatElseDecides(
  { comparedWith, delay, positive, indeterminate, recovery, pooled, transition }: RuleText,
  print: Print,
): void {
  if (comparedWith !== undefined) {
    const instants = listOf(comparedWith.map((instant) => INSTANT_WORDS[instant]));
    say('比较时刻', instants.zh, 'Compared with', instants.en, print);
  }
  if (delay !== undefined)
    say(
      '延误',
      `原定时刻仍有效的，最多延长${delay.atMostHours}小时；未离开隔离区的不限`,
      'Delay',
      `what held at the scheduled instant holds at most ${delay.atMostHours} hours longer, without a ` +
        'bound for who stays inside',
      print,
    );
  effect('阳性', 'A positive result', positive, print);
  effect('可疑结果', 'An indeterminate result', indeterminate ?? 'no_effect', print);
  if (pooled === 'refuses_until_single_negative')
    say(
      '混管',
      '混管非阴性的，至本人单管阴性前不予认可；混管阴性不解除阳性',
      'Pooled results',
      'one that isn’t negative refuses until a later negative of a single sample; a pooled negative lifts no positive',
      print,
    );
  if (recovery === 'lifts_earlier_positives')
    say(
      '康复',
      '所称康复日及以前的阳性不计',
      'Recovery',
      'a stated day of recovery lifts the positives up to its end',
      print,
    );
  const keeps = transition?.keeps === 'count' ? { zh: '起算', en: 'counted as' } : { zh: '判断', en: 'judged' };
  for (const { from, until } of transition?.reportsIssued ?? []) {
    const [first, last] = [clock(from), clock(until)];
    say(
      '过渡',
      `${first}至${last}出具的结果按第${transition?.version}版${keeps.zh}，直至有更新的结果`,
      'Transition',
      `results issued from ${first} until ${last} are ${keeps.en} by version ${transition?.version} until a ` +
        'newer one is there',
      print,
    );
  }
}

function effect(zh: string, en: string, what: RuleText['positive'], print: Print): void {
  if (what === 'no_effect') say(zh, '不影响认可', en, 'has no effect', print);
  else say(zh, '不予认可，直至其后有阴性结果', en, 'refuses until a later negative one', print);
}

function printDuty(
  { title, for: who, when, unless, supersedes, tests }: DutyText,
  classes: ClassNames | undefined,
  print: Print,
): void {
  print(`此后 / Duty: ${title.zh} / ${title.en}`);
  if (who !== undefined) detail('对象', 'for', wordsOfFor(who, classes), print);
  if (when !== undefined) detail('适用条件', 'theirs when', wordsOfCondition(when, classes), print);
  if (unless !== undefined) detail('不适用条件', 'not theirs when', wordsOfCondition(unless, classes), print);
  if (supersedes !== undefined) print(`  取代 / instead of: ${supersedes.join(', ')}`);
  if (tests !== undefined) detail('内容', 'asks for', wordsOfDutyTests(tests), print);
}

function printState(
  { state, title, admits, bars, when, unless }: StateText,
  classes: ClassNames | undefined,
  print: Print,
): void {
  print(`状态 / State ${state}: ${title.zh} / ${title.en}`);
  if (when !== undefined) detail('显示条件', 'shown when', wordsOfCondition(when, classes), print);
  if (unless !== undefined) detail('不显示条件', 'not shown when', wordsOfCondition(unless, classes), print);
  if (admits !== undefined) print(`  可前往 / admits to: ${admits.join(', ').replaceAll('_', ' ')}`);
  if (bars !== undefined) print(`  不得前往 / bars from: ${bars.join(', ').replaceAll('_', ' ')}`);
}

function detail(zh: string, en: string, words: Words, print: Print): void {
  print(`  ${zh}: ${words.zh}`);
  print(`  ${en}: ${words.en}`);
}

function say(zhName: string, zh: string, enName: string, en: string, print: Print): void {
  print(`${zhName}: ${zh}。 ${enName}: ${en}.`);
}

function listOf(words: readonly Words[]): Words {
  return { zh: words.map(({ zh }) => zh).join('、'), en: words.map(({ en }) => en).join(', ') };
}

function clock(instant: string): string {
  return formatClock(parseTime(instant)?.atMs ?? Number.NaN);
}
