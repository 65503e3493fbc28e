/** A laboratory's export and its mapping, as tests change them. */

import type { SheetMapping } from '#exchange/formats/sheet/mapping.ts';

/** Made up, with a right check digit: a woman, born on 1949-12-31. */
export const ANNA = '11010519491231002X';

export const MAPPING: SheetMapping = {
  province: '43',
  timeZone: '+08:00',
  columns: {
    documentNumber: '证件号码',
    documentType: '证件类型',
    sampleId: '样本编码',
    laboratory: '检测机构',
    sampledAt: '采样时间',
    reportIssuedAt: '报告时间',
    method: '检测项目',
    result: '检测结果',
  },
  constants: { status: 'final' },
  values: {
    documentType: { 身份证: 'resident_identity_card', 护照: 'passport' },
    method: { 新冠核酸: 'nucleic_acid', 甲流核酸: 'ignored' },
    result: {
      阴性: 'negative',
      '阴性(-)': 'negative',
      'ORF1a/b阴性,N基因阴性': 'negative',
      混检阴性: 'negative',
      '-': 'negative',
      阳性: 'positive',
      '弱阳性(±)': 'indeterminate',
      初筛阳性: 'no_result_yet',
      作废: 'retracted',
    },
  },
};

export const HEADER = '证件类型,证件号码,样本编码,检测机构,采样时间,检测项目,报告时间,检测结果,备注';

const PARTS = {
  type: '身份证',
  number: ANNA,
  sample: 'S-7',
  laboratory: '长沙市第一实验室',
  sampled: '2022/7/5 8:30',
  method: '新冠核酸',
  reported: '2022/7/5 20:15',
  result: '阴性',
  note: '',
};

export function rowOf(changes: Partial<typeof PARTS> = {}): string {
  return Object.values({ ...PARTS, ...changes }).join(',');
}

export const ROW = rowOf();
