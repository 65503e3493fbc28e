/** Small workbooks (XLSX) for tests, as a spreadsheet program packs them. */

import { strToU8, zipSync } from 'fflate';

/** A text; a number in the digits that the file is to hold; a serial number that is shown as a date. */
export type SheetCell = string | { readonly number: string } | { readonly date: string } | null;

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** @param sheets rows of cells of each sheet, the first row being row 1 */
export function workbook(...sheets: readonly (readonly (readonly SheetCell[])[])[]): Uint8Array {
  const names = sheets.map((_, index) => `sheet${index + 1}`);
  const overrides = names.map((name) => override(`/xl/worksheets/${name}.xml`, 'worksheet')).join('');
  const files: Record<string, string> = {
    '[Content_Types].xml':
      `<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `${override('/xl/workbook.xml', 'sheet.main')}${override('/xl/styles.xml', 'styles')}${overrides}</Types>`,
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/_rels/workbook.xml.rels': relations([
      ...names.map((name): [string, string] => ['worksheet', `worksheets/${name}.xml`]),
      ['styles', 'styles.xml'],
    ]),
    'xl/workbook.xml':
      `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
      names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join('') +
      '</sheets></workbook>',
    'xl/styles.xml':
      `<styleSheet xmlns="${MAIN}"><cellXfs count="2"><xf numFmtId="0"/>` +
      '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
  };
  sheets.forEach((rows, index) => (files[`xl/worksheets/sheet${index + 1}.xml`] = sheetXml(rows)));
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, xml]) => [name, strToU8(HEAD + xml)])));
}

function override(part: string, type: string): string {
  const ofType = `application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml`;
  return `<Override PartName="${part}" ContentType="${ofType}"/>`;
}

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const each = targets.map(
    ([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}</Relationships>`;
}

function sheetXml(rows: readonly (readonly SheetCell[])[]): string {
  const xml = rows.map((cells, row) => {
    const inside = cells.map((cell, column) => cellXml(cell, `${String.fromCharCode(65 + column)}${row + 1}`)).join('');
    return cells.length === 0 ? '' : `<row r="${row + 1}">${inside}</row>`;
  });
  return `<worksheet xmlns="${MAIN}"><sheetData>${xml.join('')}</sheetData></worksheet>`;
}

function cellXml(cell: SheetCell, at: string): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return `<c r="${at}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
  return 'number' in cell ? `<c r="${at}"><v>${cell.number}</v></c>` : `<c r="${at}" s="1"><v>${cell.date}</v></c>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
