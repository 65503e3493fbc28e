/**
 * The header by which a record says which of its instance's records it is. Its tag covers it, so that nobody can move a
 * record to another place in the order, or to another instance.
 */

import type { Numbered } from '#core/vouch/claims.ts';
import { CLAIM, headerText } from '#exchange/keys/tags.ts';
import type { Headers } from '#platform/kafka/record.ts';

export interface RecordClaim extends Numbered {
  readonly instance: string;
  readonly epoch: number;
}

export function claimHeader({ instance, epoch, attempt, number }: RecordClaim): Record<string, string> {
  return { [CLAIM]: `${instance}/${epoch}/${attempt}/${number}` };
}

const FORM = /^(\d{2}-[a-z0-9]{1,32})\/(\d{1,15})\/(\d{1,15})\/([1-9]\d{0,14})$/;

/** Null: it says nothing, as one from before there were claims, or nothing that can be understood. */
export function claimOf(headers: Headers): RecordClaim | null {
  const [, instance, epoch, attempt, number] = FORM.exec(headerText(headers, CLAIM)) ?? [];
  return instance === undefined
    ? null
    : { instance, epoch: Number(epoch), attempt: Number(attempt), number: Number(number) };
}
