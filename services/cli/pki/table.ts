/** Certificates as a table for people. */

import Table from 'cli-table3';
import { type Issued, standingOf } from '#exchange/identity/principals.ts';

export function table(issued: readonly Issued[], nowMs: number): string {
  const rows = new Table({ head: ['principal', 'serial', 'ends', 'standing'], style: { head: [], border: [] } });
  for (const one of issued) rows.push([one.name, one.serial, new Date(one.toMs).toISOString(), standingOf(one, nowMs)]);
  return rows.toString();
}
