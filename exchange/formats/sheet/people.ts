/**
 * How many people a tube or a sample's number stands for in one file. A result of several is a pool's, whether or not
 * the row says so: taken as each one's own, one positive would make ten. It must never keep more than a text a tube.
 */

import { DAY_MS } from '#core/field/time.ts';
import { type Cell, textOfCell } from './cell.ts';
import { readNumber } from './document-number.ts';
import type { SheetMapping } from './mapping.ts';
import { cellAt, type Head } from './rows.ts';

type Cells = readonly Cell[];

/** @returns of a row, the people of its tube; where the file has no tubes, those of its sample's number */
export function peopleIn(rows: Iterable<Cells>, head: Head, { columns }: SheetMapping): (cells: Cells) => number {
  const textIn = (cells: Cells, name: string | undefined) =>
    name === undefined ? '' : textOfCell(cellAt(cells, head, name));
  // Numbers of samples begin anew each day in some laboratories; a tube's never does.
  const keyOf = (cells: Cells): string => {
    if (columns.tubeId !== undefined) return textIn(cells, columns.tubeId);
    const sample = textIn(cells, columns.sampleId);
    if (sample === '') return '';
    const laboratory = textIn(cells, columns.laboratory);
    const day = columns.sampledAt === undefined ? '' : dayOf(cellAt(cells, head, columns.sampledAt));
    return `${sample}\n${laboratory}\n${day}`;
  };
  const first = new Map<string, string>();
  const several = new Map<string, Set<string>>();
  for (const cells of rows) {
    const key = keyOf(cells);
    const person = textIn(cells, columns.documentNumber).toUpperCase();
    if (key === '' || person === '') continue;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, person);
    else if (earlier !== person && isNumber(person)) {
      if (!isNumber(earlier)) {
        first.set(key, person);
        continue;
      }
      const people = several.get(key) ?? new Set([earlier]);
      several.set(key, people.add(person));
    }
  }
  return (cells) => (several.size === 0 ? 1 : (several.get(keyOf(cells))?.size ?? 1));
}

/** A number that a spreadsheet has spoilt is of nobody else: its row is refused by itself. */
function isNumber(text: string): boolean {
  return readNumber({ kind: 'text', text }, null, '').ok;
}

/** As the file writes it: rows of one file write it alike. */
function dayOf(cell: Cell): string {
  return cell.kind === 'clock'
    ? String(Math.floor(cell.wallMs / DAY_MS))
    : (textOfCell(cell).split(/[\sT日]/)[0] ?? '');
}
