/**
 * What a row under a header is before anybody asks what it means: a record, something that can't be read, or a sum. It
 * must never take a row for a record that may have been cut.
 */

import { type FormatFault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { SHEET_LIMITS } from './bounds.ts';
import { type Cell, EMPTY, isEmpty, sameForm, textOfCell } from './cell.ts';
import type { SheetMapping } from './mapping.ts';
import type { TableRow } from './table.ts';

/** A header, and where in it the columns stand that are asked for, by the mapping's own spelling. */
export interface Head {
  readonly header: readonly string[];
  readonly columns: ReadonlyMap<string, number>;
  /** Of the last of these. */
  readonly last: number;
  /** In one form each: every row is held against it. */
  readonly forms: readonly string[];
}

export function headOf(header: readonly string[], names: readonly string[]): Reading<Head> {
  const places = new Map<string, number>();
  const twice = new Set<string>();
  header.forEach((name, index) => {
    const form = sameForm(name);
    if (places.has(form)) twice.add(form);
    else places.set(form, index);
  });
  const doubled = names.find((name) => twice.has(sameForm(name)));
  if (doubled !== undefined)
    return {
      ok: false,
      fault: { field: doubled, reason: 'stands twice in the header', hint: 'leave one of the two columns out' },
    };
  const columns = new Map(names.map((name) => [name, places.get(sameForm(name)) ?? -1]));
  return taken({ header, columns, last: Math.max(...columns.values()), forms: header.map(sameForm) });
}

export function cellAt(cells: readonly Cell[], { columns }: Head, name: string): Cell {
  return cells[columns.get(name) ?? -1] ?? EMPTY;
}

export interface Aside {
  readonly kind: 'refused' | 'ignored';
  readonly fault: FormatFault;
}

/** Why a row can't be one of the table; null where it may. */
export function faultOfRow(
  { cells, isOpen, lacks }: TableRow,
  { header, last }: Head,
  mapping: SheetMapping,
): Aside | null {
  const refused = (reason: string, hint: string): Aside => ({ kind: 'refused', fault: { field: '', reason, hint } });
  if (lacks === 'all')
    return {
      kind: 'ignored',
      fault: {
        field: '',
        reason: 'stands on a sheet that has none of the mapping’s columns',
        hint: 'nothing to send, unless it holds results: then name its columns as on the other sheet',
      },
    };
  if (lacks !== undefined)
    return {
      kind: 'refused',
      fault: { field: lacks.join(', '), reason: 'isn’t in the header of its sheet', hint: 'name its columns alike' },
    };
  if (cells === null)
    return refused(
      `can’t be read: a quotation mark isn’t closed, or it has more than ${SHEET_LIMITS.rowCharsMax} characters`,
      'save the file again from the program that made it',
    );
  if (isOpen === true && mapping.filesEndWithoutLineEnd !== true)
    return refused(
      'is the last one and has no line’s end: it may have been cut',
      'fetch the file again; where the sender’s files end so, say `filesEndWithoutLineEnd` in the mapping',
    );
  if (cells.length > SHEET_LIMITS.columnsMax)
    return refused(`has more than ${SHEET_LIMITS.columnsMax} cells`, 'leave out columns that nobody needs');
  if (isOpen === true && cells.some((cell) => textOfCell(cell).includes('\ufffd')))
    return refused('ends within a character: it was cut', 'fetch the file again');
  if (cells.length > header.length && cells.slice(header.length).some((cell) => !isEmpty(cell)))
    return refused(
      'has more cells than the header: a separator stands within a text',
      'save the file again with texts in quotation marks',
    );
  const isShort = cells.length <= last && !FOOTER.test(firstText(cells));
  return isShort ? refused('has fewer cells than the header', 'it may have been cut: send the row again') : null;
}

/** What programs and people write under a table. */
const FOOTER = new RegExp(
  '^[—–=*_#. -]*(合计|总计|小计|共计|总数|共 ?\\d|制表|填表|填报|审核|复核|报告[人者]|检[测验](人|者|员)|送检|采样人|备注|注[:：]|说明|' +
    '以下(空白|无正文)|打印|导出|第 ?\\d+ ?页|签[名字章]|盖章|结束|sum\\b|total\\b|count\\b|note\\b|page \\d|end of\\b|printed\\b)',
  'i',
);

/** The columns by which a row is known to be no record. */
export interface Keys {
  /** Of which every record fills one. */
  readonly names: readonly string[];
  /** The number of a document and the result, where the file has both: without either there is no record. */
  readonly needed: readonly string[];
}

/** What stands under a header and is no record. */
export function ignoredAs(cells: readonly Cell[], { forms, columns }: Head, keys: Keys): Aside | null {
  const ignored = (reason: string): Aside => ({
    kind: 'ignored',
    fault: { field: '', reason, hint: 'nothing to send' },
  });
  const cell = (name: string) => cells[columns.get(name) ?? -1] ?? EMPTY;
  if (cells.every((one, index) => sameForm(textOfCell(one)) === (forms[index] ?? '')))
    return ignored('is the header once more');
  const lacks = (name: string) => isEmpty(cell(name)) || FOOTER.test(textOfCell(cell(name)));
  if (!FOOTER.test(firstText(cells))) return null;
  const isNobody = keys.names.every(lacks) || (keys.needed.length > 0 && keys.needed.every(lacks));
  return isNobody ? ignored('is a sum or a note under the table') : null;
}

function firstText(cells: readonly Cell[]): string {
  return textOfCell(cells.find((cell) => !isEmpty(cell)) ?? EMPTY);
}
