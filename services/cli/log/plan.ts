/** The plan of an edition: noted before the first record is copied, kept by every later run, and said as a command. */

import {
  copiedRecord,
  type EditionPlan,
  type KnownEdition,
  planRecord,
  readEditions,
} from '#exchange/topics/editions.ts';
import { logOf } from '#exchange/topics/log.ts';
import { HutongError } from '#platform/errors.ts';
import type { Admin } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { append } from '#services/cli/shared/acknowledged.ts';
import type { ConnectedLog } from '#services/cli/shared/connected.ts';

/** What an operator gives to go on by a plan. @param addresses as they were given */
export function commandOf(
  { edition, partitions, keyVersion, withoutErased }: EditionPlan,
  addresses: readonly string[] = [],
): string {
  const setting = edition === 2 ? [] : [`HUTONG_LOG_EDITION=${edition - 1}`];
  return [
    ...setting,
    'hutong log republish',
    `--partitions ${partitions}`,
    ...(keyVersion === null ? [] : [`--key-version ${keyVersion}`]),
    ...(withoutErased ? ['--without-erased'] : []),
    ...addresses,
  ].join(' ');
}

/**
 * @returns what is noted of the edition
 * @throws HutongError LOG_OTHER_PLAN where it was begun by another plan and holds records
 */
export async function requireSamePlan({ kafka, admin }: ConnectedLog, plan: EditionPlan): Promise<KnownEdition | null> {
  const known = (await readEditions(kafka, admin)).of(plan.edition);
  if (known === null || isSame(known.plan, plan) || (await isEmpty(admin, plan.edition))) return known;
  throw otherPlan(known.plan, plan);
}

export interface Agreed {
  readonly edition: KnownEdition;
  /** Nothing is copied, or what was copied is gone: the edition's topics are empty. */
  readonly beginsAnew: boolean;
}

/**
 * Notes the plan, once the edition's topics exist.
 * @param known by `requireSamePlan`
 * @throws HutongError LOG_OTHER_PLAN when another run was faster with another
 */
export async function agreeOn(connected: ConnectedLog, plan: EditionPlan, known: KnownEdition | null): Promise<Agreed> {
  const { kafka, admin } = connected;
  const beginsAnew = await isEmpty(admin, plan.edition);
  if (known !== null && !beginsAnew) return { edition: requireSame(known, plan), beginsAnew };
  await append(kafka, planRecord(plan, known));
  return { edition: requireSame((await readEditions(kafka, admin)).of(plan.edition), plan), beginsAnew };
}

/** For when Kafka has forgotten what the group committed. */
export async function noteCopied(
  { kafka }: ConnectedLog,
  edition: KnownEdition,
  copiedTo: KnownEdition['copiedTo'],
): Promise<void> {
  const isNews = Object.entries(copiedTo).some(([place, offset]) => edition.copiedTo[place] !== offset);
  if (isNews) await append(kafka, copiedRecord(edition, copiedTo));
}

function requireSame(known: KnownEdition | null, plan: EditionPlan): KnownEdition {
  if (known !== null && isSame(known.plan, plan)) return known;
  throw known === null
    ? new HutongError('KAFKA_UNAVAILABLE', 'the plan was noted and can’t be read', { retriable: true })
    : otherPlan(known.plan, plan);
}

function isSame(a: EditionPlan, b: EditionPlan): boolean {
  return commandOf(a) === commandOf(b) && a.fingerprints.join() === b.fingerprints.join();
}

function otherPlan(known: EditionPlan, plan: EditionPlan): HutongError {
  const isOtherCommand = commandOf(known) !== commandOf(plan);
  const what = isOtherCommand
    ? `by ${commandOf(known)}, and this is ${commandOf(plan)}`
    : 'with other secrets in HUTONG_PERSON_KEY_SECRETS';
  const hint = isOtherCommand ? commandOf(known) : 'give the secrets that the first run was given';
  return new HutongError(
    'LOG_OTHER_PLAN',
    `edition ${plan.edition} of the log was begun ${what}; a log of two plans would hold people under two keys`,
    {
      retriable: false,
      hint: `${hint}; or, for another plan, delete the topics ${logOf(plan.edition).topics.join(', ')} first`,
    },
  );
}

async function isEmpty(admin: Admin, edition: number): Promise<boolean> {
  const existing = new Set(await admin.listTopics());
  const ends = await endsOf(
    admin,
    logOf(edition).topics.filter((topic) => existing.has(topic)),
  );
  return ends.every(({ high }) => high === 0);
}
