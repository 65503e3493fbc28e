/**
 * `hutong import --check`: what the door would say of each record, without a door. It must never send anything, and
 * accounts for every record of a file exactly once.
 */

import { describeLocation, type Location } from '#exchange/formats/location.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { WHOLE } from '#services/cli/shared/items.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import type { Said } from './account.ts';
import { judgeAt, type LocalJudge } from './judged.ts';
import { sentenceIn, wordsIn } from './language.ts';
import { groupsOf, type HowRead, openAll, type Read, readGroup } from './opening.ts';
import type { Language } from './options.ts';

export interface CheckSettings extends HowRead {
  readonly asJson: boolean;
  readonly language: Language;
  /** How far a sender's clock may be ahead, as a door takes it. */
  readonly clockSkewMs: number;
}

/** What becomes of one record. */
interface Checked {
  /** File and place in it. */
  readonly place: string;
  /** `quarantined`: an import keeps it on the sender's side. */
  readonly outcome: 'accepted' | 'refused' | 'quarantined' | 'ignored';
  /** Null: nothing is to be said of it. */
  readonly reason: string | null;
  /** As the door would take it; null where there is none to take. */
  readonly event: unknown;
}

/** @returns the exit status. @throws UsageError */
export async function checkFiles(
  paths: readonly string[],
  settings: CheckSettings,
  nowMs: number,
  print: Print = onConsole,
): Promise<number> {
  const judge = judgeAt(() => nowMs, settings.clockSkewMs);
  const counts = { accepted: 0, refused: 0, quarantined: 0, ignored: 0 };
  const words = wordsIn(settings.language);
  const take = (checked: Checked) => {
    const { outcome, place, reason } = checked;
    counts[outcome] += 1;
    if (settings.asJson) print(JSON.stringify(checked));
    else if (reason !== null) print(`${words.fates[outcome]}: ${words.place(place)}: ${reason}`);
  };
  const opened = await openAll(paths, settings);
  for (const { path, ...one } of opened)
    if (one.input === null)
      take(checkedAs('refused', { file: path, at: WHOLE, within: '' }, [one.fault], settings.language));
  for (const group of groupsOf(opened, settings))
    for await (const checked of checkedOf(readGroup(group, settings), judge, settings.language)) take(checked);
  if (!settings.asJson) print(words.checked(counts));
  return counts.refused + counts.quarantined > 0 ? EXIT.failed : EXIT.ok;
}

async function* checkedOf(read: AsyncIterable<Read>, judge: LocalJudge, language: Language): AsyncGenerator<Checked> {
  // Notes come before the event that they are of, and are no records.
  const notes: Said[] = [];
  for await (const { path, item } of read) {
    const location = { file: path, at: item.at, within: item.kind === 'file_fault' ? '' : item.within };
    if (item.kind === 'note') notes.push(...item.faults);
    else if (item.kind === 'file_fault') yield checkedAs('refused', location, [item.fault], language);
    else if (item.kind !== 'event') yield checkedAs(item.kind, location, item.faults, language);
    else {
      const told = notes.splice(0);
      const verdict = judge(item.json, item.origins);
      if (verdict.kind === 'accepted') yield checkedAs('accepted', location, told, language, verdict.value);
      else yield checkedAs(verdict.kind, location, [verdict.said], language);
    }
  }
}

function checkedAs(
  outcome: Checked['outcome'],
  location: Location,
  said: readonly Said[],
  language: Language,
  event: unknown = null,
): Checked {
  const reason = said.length === 0 ? null : said.map((one) => sentenceIn(one, language)).join('; ');
  return { place: describeLocation(location), outcome, reason, event };
}
