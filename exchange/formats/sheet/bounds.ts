/** How large a spreadsheet may be: asked before any work is done on it, so that no file can fill the memory. */

export const SHEET_LIMITS = {
  /** Of a CSV file, or of a workbook as it is packed. */
  bytesMax: 64 * 1024 * 1024,
  /** Of all that is packed in a workbook. */
  unpackedBytesMax: 256 * 1024 * 1024,
  /** Of what is packed in a workbook, piece by piece. */
  partsMax: 2_000,
  /** Of a spreadsheet program. */
  rowsMax: 1_048_576,
  columnsMax: 256,
  /** Of one row of a CSV file, its separators too. */
  rowCharsMax: 65_536,
  /** In which the header is looked for. */
  headerRowsMax: 30,
  /** Rows of a file whose quotation marks don't end, after each of which reading begins anew. */
  openQuotesMax: 20,
} as const;
