/** A province's two files, results by tube and people by tube, with their mapping. Made-up people only. */

import type { SheetMapping } from '#exchange/formats/sheet/mapping.ts';
import { ANNA, MAPPING } from './mapped-sheet.ts';

export const BY_TUBE: SheetMapping & Required<Pick<SheetMapping, 'tubes'>> = {
  ...MAPPING,
  columns: { ...MAPPING.columns, tubeId: '采样管编码', poolSize: '混检份数' },
  tubes: { tubeId: '管号', fields: ['result', 'reportIssuedAt', 'laboratory', 'method', 'poolSize'] },
};

export const PEOPLE_HEADER = '证件类型,证件号码,样本编码,采样管编码,采样时间';
export const TUBES_HEADER = '管号,检测机构,检测项目,报告时间,检测结果,混检份数';

export const personRow = (sample: string, tube: string) => `身份证,${ANNA},${sample},${tube},2022/7/5 8:30`;
export const tubeRow = (tube: string, result: string, size = '10') =>
  `${tube},长沙市第一实验室,新冠核酸,2022/7/5 20:15,${result},${size}`;

const ROWS = [personRow('S-1', 'T-1'), personRow('S-2', 'T-1'), personRow('S-3', 'T-2')];
export const PEOPLE = `${[PEOPLE_HEADER, ...ROWS].join('\n')}\n`;
export const TUBES = `${[TUBES_HEADER, tubeRow('T-1', '阴性'), tubeRow('T-2', '阳性')].join('\n')}\n`;
