/**
 * `hutong withdraw`: appends a withdrawal, or what undoes one, under the signature of who says it, and waits until it
 * is in force in every partition; or previews it and appends nothing.
 */

import Table from 'cli-table3';
import { v7 as uuidv7 } from 'uuid';
import { IN_FORCE_MAX, type InForce, type Withdrawals } from '#core/withdrawals/in-force.ts';
import { NATIONAL, type Scope, type Undoing, type Withdrawal, type Withdrawer } from '#core/withdrawals/withdrawal.ts';
import { redisAccess } from '#exchange/identity/operator.ts';
import { requireSigningKey } from '#exchange/keys/signing-keys.ts';
import type { Log } from '#exchange/topics/log.ts';
import { principalOf, readWithdrawals, withdrawalRecord } from '#exchange/topics/withdrawals.ts';
import { ViewKeys } from '#exchange/view/keys.ts';
import { readKeysDir } from '#platform/config.ts';
import { HutongError } from '#platform/errors.ts';
import type { RedisAccess } from '#platform/redis.ts';
import { append } from '#services/cli/shared/acknowledged.ts';
import { type Addresses, connect, type Connected } from '#services/cli/shared/connected.ts';
import { eachLiveView } from '#services/cli/shared/each-live-view.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { publishedBook } from '#services/cli/shared/published-book.ts';
import { closeAll } from '#services/cli/shared/standstill.ts';
import { partitionsWithout } from './everywhere.ts';
import { Preview } from './preview.ts';

export interface WithdrawOptions extends Addresses {
  readonly by: Withdrawer;
  readonly why: string;
  /** What is withdrawn, or which withdrawal is undone. */
  readonly what: Scope | UndoneById;
  readonly isPreview: boolean;
}

export interface UndoneById {
  readonly undoes: string;
  /** Whose withdrawal; null: the one who undoes it, or the only one who has given that id. */
  readonly of: Withdrawer | null;
}

/** @throws HutongError WITHDRAWAL_REFUSED, CONFIG_INVALID without the key, KAFKA_UNAVAILABLE, REDIS_UNAVAILABLE */
export async function withdraw(log: Log, options: WithdrawOptions, print: Print): Promise<number> {
  const connected = await connect(log, options);
  try {
    const known = await readWithdrawals(connected.kafka, await connected.signatures());
    const said = saidBy(options, uuidv7(), known.inForce);
    const after = inForceAfter(known, said);
    if (options.isPreview)
      return await preview(connected, redisAccess(options.redis, options.tls), known.inForce, after, print);
    const key = requireSigningKey(readKeysDir(), principalOf(options.by));
    await append(connected.kafka, withdrawalRecord(said, key));
    return await untilInForce(connected, said, print);
  } finally {
    await closeAll(connected.close);
  }
}

type Said = Parameters<typeof withdrawalRecord>[0];

function saidBy({ by, why, what }: WithdrawOptions, id: string, inForce: InForce): Said {
  if (!('undoes' in what)) return { withdrawn: { ...what, id, by, why } };
  return { undone: { undoes: what.undoes, of: withdrawerMeant(what, by, inForce), by, why } };
}

/** Exported for the tests. @throws HutongError WITHDRAWAL_REFUSED where several have given the id */
export function withdrawerMeant({ undoes, of }: UndoneById, by: Withdrawer, inForce: InForce): Withdrawer {
  const who = inForce.filter(({ id }) => id === undoes).map((one) => one.by);
  if (of !== null) return of;
  if (who.length < 2 || who.includes(by)) return who.includes(by) ? by : (who[0] ?? by);
  throw refused(
    `${who.map(principalOf).join(' and ')} have each withdrawn something under the id ${undoes}`,
    'say whose is to be undone, by --province',
  );
}

/** Exported for the tests. @throws HutongError WITHDRAWAL_REFUSED of what would have no effect */
export function inForceAfter(known: Withdrawals, said: Said): InForce {
  const before = known.inForce;
  if ('undone' in said) {
    const undone = before.filter((one) => isUndoneBy(one, said.undone));
    if (undone.length > 0) return before.filter((one) => !undone.includes(one));
    throw refused(
      `no withdrawal ${said.undone.undoes} is in force that ${principalOf(said.undone.by)} may undo`,
      'hutong withdrawals list names those that are in force, and who may undo them',
    );
  }
  const { withdrawn } = said;
  if (before.filter(({ by }) => by === withdrawn.by).length >= IN_FORCE_MAX)
    throw refused(
      `${principalOf(withdrawn.by)} has ${IN_FORCE_MAX} withdrawals in force, and no more may be`,
      'undo one that nobody needs: hutong withdrawals list names them, --undo … --preview says what it changes',
    );
  return [...before, { ...withdrawn, atMs: 0 }];
}

function isUndoneBy({ id, by }: Withdrawal, undoing: Omit<Undoing, 'why' | 'atMs'>): boolean {
  return id === undoing.undoes && by === undoing.of && (by === undoing.by || undoing.by === NATIONAL);
}

async function untilInForce(connected: Connected, said: Said, print: Print): Promise<number> {
  const appendedAtMs = Date.now();
  const [id, of] = 'undone' in said ? [said.undone.undoes, said.undone.of] : [said.withdrawn.id, said.withdrawn.by];
  const isIt = (one: Withdrawal): boolean => one.id === id && one.by === of;
  const holds = (inForce: InForce): boolean => inForce.some(isIt) === 'withdrawn' in said;
  const without = await partitionsWithout(connected, holds);
  const what = `${id} ${'undone' in said ? 'is undone' : 'is in force'}`;
  if (without.length === 0) {
    print(
      `${what} in all ${connected.partitions} partitions, ${((Date.now() - appendedAtMs) / 1_000).toFixed(1)} s after.`,
    );
    return EXIT.ok;
  }
  print(
    `${id} was appended, and has no effect yet in partitions ${without.join(', ')}. ` +
      'To mend: do their materialisers run? It takes effect when they do; don’t say it again.',
  );
  return EXIT.failed;
}

async function preview(
  { kafka, log }: Connected,
  redis: RedisAccess,
  before: InForce,
  after: InForce,
  print: Print,
): Promise<number> {
  const shown = new Preview(await publishedBook(kafka), before, after, Date.now());
  const people = await eachLiveView({ redis, viewKeys: new ViewKeys(log), doing: 'previewing' }, (view) =>
    shown.take(view),
  );
  if (shown.changed.length > 0) print(tableOf(shown));
  print(
    `Of ${people} people, ${shown.people} hold a result that would count otherwise; for ${shown.peopleWithOther} of ` +
      'them some outcome would be another now, by the visible data, stating nothing. Nothing was appended.',
  );
  return EXIT.ok;
}

function tableOf({ changed }: Preview): string {
  const table = new Table({
    style: { head: [], border: [] },
    head: ['destination', 'purpose', 'before', 'after', 'people'],
  });
  for (const { destination, purpose, before, after, people } of changed)
    table.push([destination, purpose, before, after, people]);
  return table.toString();
}

function refused(message: string, hint: string): HutongError {
  return new HutongError('WITHDRAWAL_REFUSED', message, { retriable: false, hint });
}
