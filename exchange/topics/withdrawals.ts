/**
 * Withdrawals as records of the topic `withdrawals`, which keeps every one. Each is JSON under the signature of who
 * withdraws; the registry isn't asked, so that a withdrawal holds while it is away. What isn't signed by whoever may
 * withdraw, or has another form, says nothing.
 */

import { type Static, Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { type SaidOfWithdrawals, Withdrawals } from '#core/withdrawals/in-force.ts';
import {
  NATIONAL,
  SPAN_TIMES,
  type Undoing,
  type Withdrawal,
  WITHDRAWAL_LIMITS,
  type Withdrawer,
} from '#core/withdrawals/withdrawal.ts';
import { type Principal, provinceOfPrincipal, provincePrincipal } from '#exchange/identity/principals.ts';
import type { SigningKey } from '#exchange/keys/signatures.ts';
import type { Kafka, KafkaMessage } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { lazily } from '#platform/lazily.ts';
import { choice, closed } from '#platform/schema.ts';
import { type SignatureCheck, signed } from './public-keys.ts';
import { saidIn, saidRecord } from './said.ts';
import { WITHDRAWALS_TOPIC } from './topics.ts';

/** Of the form below. A later one that this version doesn't know says nothing to it. */
const VERSION = 1;

const text = Type.String({ minLength: 1, maxLength: WITHDRAWAL_LIMITS.textCharsMax });
const reason = Type.String({ maxLength: WITHDRAWAL_LIMITS.whyCharsMax });
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const WITHDRAWERS = [...PROVINCE_CODES, NATIONAL] as const;
const by = choice(WITHDRAWERS, 'who withdraws, or undoes it');
const of = choice(WITHDRAWERS, 'whose withdrawal it is');

const Said = Type.Object(
  {
    version: Type.Literal(VERSION),
    withdrawn: Type.Optional(
      Type.Object(
        {
          id: text,
          by,
          province: choice(PROVINCE_CODES, 'whose laboratory it is'),
          laboratory: text,
          run: orNull(text),
          method: orNull(text),
          span: orNull(
            Type.Object(
              { of: choice(SPAN_TIMES, 'of the result'), fromMs: Type.Integer(), toMs: Type.Integer() },
              closed,
            ),
          ),
          why: reason,
        },
        closed,
      ),
    ),
    undone: Type.Optional(Type.Object({ undoes: text, of, by, why: reason }, closed)),
  },
  { ...closed, minProperties: 2, maxProperties: 2 },
);
const isSaid = lazily(() => new Ajv({ strict: false }).compile<Static<typeof Said>>(Said));

/** `unknownKey`: it is signed with a key that isn't published, or isn't yet. */
export type ReadWithdrawal = SaidOfWithdrawals | { readonly invalid: string } | { readonly unknownKey: true };

/** What a record of the topic says; whether it may take effect is for `Withdrawals` to say. */
export function readWithdrawal(message: KafkaMessage, signatures: SignatureCheck): ReadWithdrawal {
  const record = signed(message);
  if (!signatures.knowsKeyOf(record)) return { unknownKey: true };
  const said = saidIn(record.value, isSaid());
  if (said === null) return { invalid: 'it has another form' };
  const { withdrawn, undone } = said;
  const signer = signatures.provenSigner(record);
  if (signer !== principalOf((withdrawn ?? undone)?.by as Withdrawer)) return { invalid: 'it is not by who signed it' };
  const atMs = Number(message.timestamp);
  if (withdrawn !== undefined) return { withdrawn: { ...withdrawn, atMs } as Withdrawal };
  return { undone: { ...(undone as Omit<Undoing, 'atMs'>), atMs } };
}

export function principalOf(withdrawer: Withdrawer): Principal {
  return withdrawer === NATIONAL ? NATIONAL : provincePrincipal(withdrawer);
}

/** Null: the principal may withdraw nothing. */
export function withdrawerOf(principal: string): Withdrawer | null {
  return principal === NATIONAL ? NATIONAL : provinceOfPrincipal(principal);
}

type Sayable = { readonly withdrawn: Omit<Withdrawal, 'atMs'> } | { readonly undone: Omit<Undoing, 'atMs'> };

/** Under the signature of who withdraws, or undoes it. */
export function withdrawalRecord(said: Sayable, signingKey: SigningKey): OutgoingRecord {
  const about = 'withdrawn' in said ? said.withdrawn.id : said.undone.undoes;
  return saidRecord(WITHDRAWALS_TOPIC, about, { version: VERSION, ...said }, signingKey);
}

/** All that the topic holds now. @throws HutongError KAFKA_UNAVAILABLE */
export async function readWithdrawals(kafka: Kafka, signatures: SignatureCheck): Promise<Withdrawals> {
  const withdrawals = new Withdrawals();
  await TopicFeed.readAll(kafka, WITHDRAWALS_TOPIC, (message) => {
    const said = readWithdrawal(message, signatures);
    if ('withdrawn' in said || 'undone' in said) withdrawals.take(said);
  });
  return withdrawals;
}
