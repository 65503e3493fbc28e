/**
 * The 32 publishers: the 31 provincial-level regions and the Xinjiang Production and Construction Corps.
 * A code never changes its meaning; nothing else may list the publishers again.
 *
 * Source: GB/T 2260 two-digit codes; 66 for the Corps is the health ministry's own code (not in GB/T 2260).
 * Populations: seventh national census, 2020-11-01. The Corps' people are also counted under 65: never add both.
 */
export interface Province {
  readonly code: ProvinceCode;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly codeNameZh: string;
  readonly population2020: number;
}

const TABLE = [
  ['11', 'Beijing', '北京市', '北京健康宝', 21_893_095],
  ['12', 'Tianjin', '天津市', '天津健康码', 13_866_009],
  ['13', 'Hebei', '河北省', '河北健康码', 74_610_235],
  ['14', 'Shanxi', '山西省', '山西健康码', 34_915_616],
  ['15', 'Inner Mongolia', '内蒙古自治区', '内蒙古健康码', 24_049_155],
  ['21', 'Liaoning', '辽宁省', '辽事通健康码', 42_591_407],
  ['22', 'Jilin', '吉林省', '吉祥码', 24_073_453],
  ['23', 'Heilongjiang', '黑龙江省', '龙江健康码', 31_850_088],
  ['31', 'Shanghai', '上海市', '随申码', 24_870_895],
  ['32', 'Jiangsu', '江苏省', '苏康码', 84_748_016],
  ['33', 'Zhejiang', '浙江省', '浙江健康码', 64_567_588],
  ['34', 'Anhui', '安徽省', '安康码', 61_027_171],
  ['35', 'Fujian', '福建省', '福建健康码', 41_540_086],
  ['36', 'Jiangxi', '江西省', '赣通码', 45_188_635],
  ['37', 'Shandong', '山东省', '山东健康码', 101_527_453],
  ['41', 'Henan', '河南省', '河南健康码', 99_365_519],
  ['42', 'Hubei', '湖北省', '湖北健康码', 57_752_557],
  ['43', 'Hunan', '湖南省', '湖南省居民健康码', 66_444_864],
  ['44', 'Guangdong', '广东省', '粤康码', 126_012_510],
  ['45', 'Guangxi', '广西壮族自治区', '广西健康码', 50_126_804],
  ['46', 'Hainan', '海南省', '海南健康码', 10_081_232],
  ['50', 'Chongqing', '重庆市', '渝康码', 32_054_159],
  ['51', 'Sichuan', '四川省', '四川天府健康通', 83_674_866],
  ['52', 'Guizhou', '贵州省', '贵州健康码', 38_562_148],
  ['53', 'Yunnan', '云南省', '云南健康码', 47_209_277],
  ['54', 'Tibet', '西藏自治区', '藏易通', 3_648_100],
  ['61', 'Shaanxi', '陕西省', '陕西一码通', 39_528_999],
  ['62', 'Gansu', '甘肃省', '甘肃健康出行码', 25_019_831],
  ['63', 'Qinghai', '青海省', '信康码', 5_923_957],
  ['64', 'Ningxia', '宁夏回族自治区', '我的宁夏防疫健康码', 7_202_654],
  ['65', 'Xinjiang', '新疆维吾尔自治区', '新疆健康码', 25_852_345],
  ['66', 'Xinjiang Production and Construction Corps', '新疆生产建设兵团', '新疆健康码', 3_485_100],
] as const;

export type ProvinceCode = (typeof TABLE)[number][0];

export const PROVINCES: readonly Province[] = TABLE.map(([code, nameEn, nameZh, codeNameZh, population2020]) => ({
  code,
  nameEn,
  nameZh,
  codeNameZh,
  population2020,
}));

export const PROVINCE_CODES: readonly ProvinceCode[] = TABLE.map(([code]) => code);

const BY_CODE: ReadonlyMap<string, Province> = new Map(PROVINCES.map((province) => [province.code, province]));

export function isProvinceCode(code: string): code is ProvinceCode {
  return BY_CODE.has(code);
}

/** The province of a code that is known to be one. */
export function provinceOf(code: ProvinceCode): Province {
  return BY_CODE.get(code) as Province;
}

/** The province's name as answers show it. */
export function nameOfProvince(code: ProvinceCode): { readonly zh: string; readonly en: string } {
  const { nameZh, nameEn } = provinceOf(code);
  return { zh: nameZh, en: nameEn };
}

/** Of a name in English or Chinese, the latter also without what sort of region it is; null: it names none. */
export function codeOfProvinceName(name: string): ProvinceCode | null {
  const sought = name.trim().toLowerCase();
  const found = PROVINCES.find(
    ({ nameEn, nameZh }) =>
      sought === nameEn.toLowerCase() || sought === nameZh || (sought.length >= 2 && nameZh.startsWith(sought)),
  );
  return found?.code ?? null;
}
