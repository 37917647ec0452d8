import { quoteText } from '../sql/quote.ts';

const number = '[+-]?[0-9][0-9.,]*';
const currencies = String.raw`(r\$|us\$|\$|€|£|brl|usd|eur)`;
/** Units that are told also where they touch the number; a single letter that codes end with as well needs a blank before it. */
const units =
  'kg|mg|g|lb|km|cm|mm|µm|um|m|ft|l|ml|h|hs|min|s|seg|ms|°c|ºc|°f|°|bar|psi|pa|kpa|mpa|kn|nm|v|mv|kv|ma|w|kw|mw|kwh|mwh|hz|khz|mhz|' +
  'rpm|km/h|m/s|l/min|m2|m3|m²|m³|cm2|cm3|cm²|cm³|pcs|pç|pçs|un|und|dias?|days?|horas?|hours?|anos?|years?|meses|months?|%|‰';
const spacedUnits = 't|a|n|c|f|k|in|oz|db';

/** A number with its unit, or with a sign of currency before or after it: RE2, of a whole cell. */
const measure = String.raw`(?i)\s*([+-]?${currencies}\s*${number}|${number}\s*(${units}|${currencies})|${number}\s+(${spacedUnits}))\.?\s*`;

/** SQL that tells cells like `5 kg`, `12%` and `R$ 1,50`. */
export function isMeasureSql(cell: string): string {
  return `regexp_full_match(${cell}, ${quoteText(measure)})`;
}
