/**
 * SPM-4 as the short word that the exchange stores; only data. Source: SNOMED CT specimen concepts that reports of
 * SARS-CoV-2 tests use. Any other SNOMED CT code is kept as `snomed:<code>`.
 */
const WORD_BY_SNOMED: ReadonlyMap<string, string> = new Map([
  ['258500001', 'nasopharyngeal_swab'],
  ['697989009', 'anterior_nares_swab'],
  ['871810001', 'mid_turbinate_swab'],
  ['1293160008', 'mid_turbinate_swab'],
  ['445297001', 'nasal_swab'],
  ['258529004', 'oropharyngeal_swab'],
  ['461911000124106', 'oropharyngeal_swab'],
  ['433801000124107', 'nasopharyngeal_and_oropharyngeal_swab'],
  ['418932006', 'oral_swab'],
  ['258560004', 'saliva'],
  ['119342007', 'saliva'],
  ['119334006', 'sputum'],
  ['258411007', 'nasopharyngeal_aspirate'],
  ['258467004', 'nasopharyngeal_washings'],
  ['429931000124105', 'nasal_aspirate'],
  ['258607008', 'bronchoalveolar_lavage'],
  ['309171007', 'lower_respiratory_fluid'],
  ['119364003', 'serum'],
  ['119361006', 'plasma'],
  ['119297000', 'blood'],
]);

/** @param pairs code and coding system, in the order in which they are tried */
export function specimenWord(pairs: readonly (readonly [code: string, system: string])[]): string | null {
  for (const [code, system] of pairs) {
    const word = WORD_BY_SNOMED.get(code);
    if (word !== undefined) return word;
    if (/^(SCT|SNM)/i.test(system) && /^\d{6,18}$/.test(code)) return `snomed:${code}`;
  }
  return null;
}
