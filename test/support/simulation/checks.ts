/**
 * What must hold of the store at every moment, and of everything once it has settled. Each check says what is wrong in
 * a sentence, or nothing.
 */

import { leakedIn } from '#core/view/leaks.ts';
import { agedAt } from '#core/view/retention.ts';
import { type Freshness, type Position, provinceWatermarkMs, type Snapshot } from '#core/view/snapshot.ts';
import { withoutWithdrawn } from '#core/view/withdrawn.ts';
import type { InForce } from '#core/withdrawals/in-force.ts';
import { type ClaimFound, claimFoundOf, noteOf, placeText, type RecordPlace } from '#exchange/topics/letters.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import { decodeView } from '#exchange/view/codec.ts';
import { type Generation, parseGeneration } from '#exchange/view/keys.ts';
import { parseFreshness, parseWithdrawals, type StoredFreshness } from '#exchange/view/stored-freshness.ts';
import { storedBytes } from '#exercises/oracle/oracle.ts';
import { KEYS, LOG } from '#test/support/first-edition.ts';
import { faultOfCounts } from './counted.ts';
import type { SimLog } from './log.ts';
import { PARTITIONS, PROVINCES } from './people.ts';
import type { ProducerInstance } from './producers.ts';
import type { SimRedis } from './redis.ts';
import { STOLEN } from './stolen.ts';
import { nameOfBotched, offsetsOf, type Truth } from './truth.ts';
import { inForceBy, namesOf } from './withdrawals.ts';

export interface Checked {
  readonly redis: SimRedis;
  readonly log: SimLog;
  readonly truth: Truth;
  readonly producers: readonly ProducerInstance[];
}

/**
 * Of a partition, now: every view is the fold of exactly what lies below the position, its freshness claims no more,
 * and what was counted is what the log says up to there.
 */
export function faultOfPartition({ redis, truth, log }: Checked, partition: number): string | null {
  const { generation, position, freshness, withdrawals } = storedIn(redis, partition);
  if (withdrawals === null) return `the withdrawals of partition ${partition} aren’t those of its freshness`;
  const leak = leakIn(freshness);
  for (const person of truth.peopleOf(partition)) {
    const found = redis.get(KEYS.view(generation, partition, Buffer.from(person, 'latin1')));
    if (leak === 'within' && isTouched(found, freshness)) continue;
    const expected = truth.bytesAt(person, position, leak !== 'unknown');
    if (!isView(found, expected, freshness))
      return (
        `the view of ${person[0]} in partition ${partition} isn’t the fold of what lies below ` +
        `${offsetsOf(position).join()}`
      );
  }
  return position === null
    ? null
    : (faultOfFreshness(truth, partition, position, freshness) ??
        (leak === 'within'
          ? null
          : faultOfCounts(redis, truth, { partition, generation, position, isOut: leak === 'out' })) ??
        faultOfNotes(log, truth, partition, position));
}

/** Whether those who folded the views knew from the start what is withdrawn with a key, know it by now, or don't. */
function leakIn({ leaks }: Pick<Freshness, 'leaks'>): 'out' | 'within' | 'unknown' {
  const leak = leaks.find(({ key }) => key === STOLEN.key);
  return leak === undefined ? 'unknown' : leak.isOut ? 'out' : 'within';
}

/** Answers to it are undetermined; of every other view it is known what it must be. */
function isTouched(found: Buffer | null, { leaks }: Pick<Freshness, 'leaks'>): boolean {
  return found !== null && leakedIn(decodeView(found), leaks).length > 0;
}

/** What settles a letter is noted before the position passes it. */
function faultOfNotes(log: SimLog, truth: Truth, partition: number, position: Position): string | null {
  const settled = truth.settledBelow(partition, position);
  if (settled.length === 0) return null;
  const notes = new Set(log.recordsOf(DEAD_LETTERS_TOPIC, 0).map(({ headers }) => nameOfNote(noteOf(headers))));
  const missing = settled.find(({ place, at }) => !notes.has(nameOfNote({ settlement: { place }, at })));
  return missing === undefined
    ? null
    : `the position of partition ${partition} has passed what settles ${placeText(missing.place)}, and no note says so`;
}

function isBotchedAll(truth: Truth, { instance, epoch, topic, partition, from, through }: ClaimFound): boolean {
  for (let number = from; number <= through; number += 1)
    if (!truth.botched.has(nameOfBotched({ forged: `${instance} ${epoch} ${number}`, topic, partition }))) return false;
  return true;
}

function nameOfNote(
  note: { readonly settlement: { readonly place: RecordPlace }; readonly at: RecordPlace | null } | null,
): string {
  return note === null ? '' : `${placeText(note.settlement.place)} ${note.at === null ? '' : placeText(note.at)}`;
}

/** Whoever has had no event for long is stored as of then: what has become too old since is cut as a reader cuts it. */
function isView(
  found: Buffer | null,
  expected: Buffer | null,
  { acceptedUpToMs }: Pick<Freshness, 'acceptedUpToMs'>,
): boolean {
  if (found === null || expected === null) return found === expected;
  return found.equals(expected) || storedBytes(agedAt(decodeView(found), acceptedUpToMs)).equals(expected);
}

/** What a look-up read in one step is in itself true. */
export function faultOfSnapshot(
  truth: Truth,
  person: string,
  { partition, view, position, freshness }: Snapshot,
): string | null {
  const leak = leakIn(freshness);
  const expected = truth.bytesAt(person, position, leak !== 'unknown');
  const isRight =
    (leak === 'within' && leakedIn(view, freshness.leaks).length > 0) ||
    (expected === null || view === null
      ? expected === view
      : storedBytes(view).equals(storedBytes(withoutWithdrawn(decodeView(expected), freshness.withdrawals))));
  if (!isRight)
    return `a look-up of ${person[0]} read a view that isn’t the fold of what lies below ${offsetsOf(position).join()}`;
  return position === null ? null : faultOfFreshness(truth, partition, position, freshness);
}

function faultOfFreshness(
  truth: Truth,
  partition: number,
  position: Position,
  freshness: Omit<Freshness, 'withdrawals'>,
): string | null {
  const leak = leakIn(freshness);
  const acceptedUpToMs = truth.acceptedUpTo(partition, position, leak === 'out');
  const isOneOfBoth = leak === 'within' && freshness.acceptedUpToMs === truth.acceptedUpTo(partition, position, true);
  if (freshness.acceptedUpToMs !== acceptedUpToMs && !isOneOfBoth)
    return (
      `partition ${partition} says that it saw acceptances up to ${freshness.acceptedUpToMs}, not ` +
      `${acceptedUpToMs}, at ${offsetsOf(position).join()}`
    );
  for (const { province, instance, throughMs } of freshness.watermarks) {
    if (truth.missingBefore(throughMs, province, instance, partition, position) !== undefined)
      return (
        `partition ${partition} claims ${instance} up to ${throughMs}, and lacks an event of it at ` +
        `${offsetsOf(position).join()}`
      );
  }
  for (const province of PROVINCES) {
    const throughMs = provinceWatermarkMs(freshness, province);
    if (throughMs !== null && truth.missingBefore(throughMs, province, null, partition, position) !== undefined)
      return (
        `partition ${partition} claims province ${province} up to ${throughMs}, and lacks an event of it ` +
        `at ${offsetsOf(position).join()}`
      );
  }
  for (const province of truth.marks({ partition, position, watermarks: freshness.watermarks })) {
    if (!freshness.incompleteProvinces.includes(province))
      return (
        `partition ${partition} has passed a record of nobody known, and province ${province ?? 'unknown'} ` +
        'isn’t marked'
      );
  }
  return null;
}

/**
 * Once everything has settled; null: it has, and all is as the log says.
 * @param isRebuilt whether all views were built again since a key was revoked
 */
export function faultAfterwards(checked: Checked, isRebuilt: boolean): string | null {
  const { redis, log, truth } = checked;
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const fault =
      faultOfPosition(checked, partition) ??
      faultOfLeaks(checked, partition, isRebuilt) ??
      faultOfPartition(checked, partition);
    if (fault !== null) return fault;
  }
  const people = new Set(Array.from({ length: PARTITIONS }, (_, partition) => truth.peopleOf(partition)).flat());
  const strange = redis
    .keys()
    .find(
      (key) =>
        KEYS.parse(Buffer.from(key, 'latin1'))?.personKey instanceof Buffer &&
        !people.has(key.slice(key.indexOf('}') + 1)),
    );
  return strange === undefined
    ? faultOfLetters(log, truth)
    : `there is a view of ${strange}, of whom the log says nothing`;
}

/**
 * Position and log's end agree, every instance is known up to its last watermark, and just the right provinces are
 * marked.
 */
function faultOfPosition({ redis, log, truth, producers }: Checked, partition: number): string | null {
  const { position, freshness, withdrawals } = storedIn(redis, partition);
  const [inForce, said] = [namesOf(withdrawals ?? []), inForceBy(truth.saidOfWithdrawals)];
  if (inForce !== said) return `partition ${partition} has ${inForce} in force, and not ${said}`;
  const ends = LOG.topics.map((topic) => log.endOf(topic, partition));
  if (offsetsOf(position).join() !== ends.join())
    return `partition ${partition} stands at ${offsetsOf(position).join()}, and the log ends at ${ends.join()}`;
  for (const { name, throughMs } of producers) {
    const held = freshness.watermarks.find(({ instance }) => instance === name)?.throughMs;
    if (held !== throughMs) return `partition ${partition} knows ${name} up to ${held ?? 'nothing'}, not ${throughMs}`;
  }
  const [must, may] = [truth.marks(null), truth.marks(null, true)];
  const held = new Set(freshness.incompleteProvinces);
  const isRight = must.isSubsetOf(held) && held.isSubsetOf(may);
  return isRight ? null : `partition ${partition} marks ${[...held].join()}, not ${[...must].join()}`;
}

/** Whoever goes on knows what is withdrawn with a key, and after a rebuild nothing of it is in any view. */
function faultOfLeaks({ redis, truth }: Checked, partition: number, isRebuilt: boolean): string | null {
  const leak = leakIn(storedIn(redis, partition).freshness);
  const isRight = truth.leak === null ? leak === 'unknown' : leak === 'out' || (leak === 'within' && !isRebuilt);
  return isRight ? null : `of partition ${partition} what is withdrawn with the stolen key is ${leak}`;
}

function faultOfLetters(log: SimLog, truth: Truth): string | null {
  const expected = truth.letters();
  const written = new Set<string>();
  const settled = new Set(truth.settled.map(({ place, at }) => nameOfNote({ settlement: { place }, at })));
  for (const { key, value, headers } of log.recordsOf(DEAD_LETTERS_TOPIC, 0)) {
    const note = noteOf(headers);
    if (note !== null && !settled.has(nameOfNote(note)))
      return `a note says that ${placeText(note.settlement.place)} is settled, and it isn’t so`;
    if (note !== null) continue;
    const found = claimFoundOf(headers);
    if (found !== null && !isBotchedAll(truth, found))
      return `the records ${found.from} to ${found.through} of ${found.instance} are found claimed, and aren’t missing`;
    if (found !== null) continue;
    const header = (name: string): string => String(headers[`dead-letter-${name}`]);
    const origin = [header('topic'), header('partition'), header('offset')].join('/');
    const original = log
      .recordsOf(header('topic'), Number(header('partition')))
      .find(({ offset }) => offset === Number(header('offset')));
    const isOfStolen = header('reason') === 'bad_tag' && original !== undefined && truth.isStolen(truth.at(original));
    if (!isOfStolen && expected.get(origin) !== header('reason'))
      return `${origin} is a dead letter for ${header('reason')}, and should be ${expected.get(origin) ?? 'none'}`;
    if (!isSame(original?.value, value) || !isSame(original?.key, key))
      return `the dead letter of ${origin} hasn’t its bytes`;
    written.add(origin);
  }
  const missing = [...expected.keys()].find((origin) => !written.has(origin));
  return missing === undefined ? null : `${missing} can’t be read and isn’t a dead letter`;
}

function isSame(a: Buffer | null | undefined, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a?.equals(b) === true;
}

/** Where a partition stands, in words. */
export function placeOf(redis: SimRedis, partition: number): string {
  return offsetsOf(storedIn(redis, partition).position).join();
}

/** In the generation that look-ups read. */
function storedIn(
  redis: SimRedis,
  partition: number,
): {
  readonly generation: Generation;
  readonly position: Position | null;
  readonly freshness: StoredFreshness;
  /** Null: these aren't those of the freshness. */
  readonly withdrawals: InForce | null;
} {
  const generation = parseGeneration(redis.get(KEYS.live(partition)));
  const position = redis.get(KEYS.position(generation, partition));
  const freshness = parseFreshness(redis.get(KEYS.freshness(generation, partition))?.toString());
  const withdrawals = redis.get(KEYS.withdrawals(generation, partition));
  return {
    generation,
    position: position === null ? null : (JSON.parse(position.toString()) as Position),
    freshness,
    withdrawals: parseWithdrawals(freshness.withdrawals, withdrawals?.toString() ?? null),
  };
}
