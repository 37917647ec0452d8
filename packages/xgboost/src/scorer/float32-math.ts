/**
 * The float32 exponential and logarithm of the C library that XGBoost is usually linked with (glibc since 2.27),
 * so that transformed predictions have the library's very bits. Computed in float64 and rounded once, after
 * Arm Optimized Routines, math/expf.c and math/logf.c (MIT licence, https://github.com/ARM-software/optimized-routines).
 */

/** 2^(i/32), correctly rounded. */
const POWERS = Float64Array.of(
  1.0,
  1.0218971486541166,
  1.0442737824274138,
  1.0671404006768237,
  1.0905077326652577,
  1.1143867425958924,
  1.1387886347566916,
  1.1637248587775775,
  1.189207115002721,
  1.215247359980469,
  1.241857812073484,
  1.2690509571917332,
  1.2968395546510096,
  1.3252366431597413,
  1.3542555469368927,
  1.383909881963832,
  1.4142135623730951,
  1.4451808069770467,
  1.4768261459394993,
  1.5091644275934228,
  1.5422108254079407,
  1.5759808451078865,
  1.6104903319492543,
  1.645755478153965,
  1.681792830507429,
  1.718619298122478,
  1.7562521603732995,
  1.7947090750031072,
  1.8340080864093424,
  1.8741676341103,
  1.9152065613971474,
  1.9571441241754002,
);
const STEPS_PER_LN2 = 46.16624130844683;
const [EXP_CUBIC, EXP_SQUARE, EXP_LINEAR] = [
  1.6938359250920212e-6, 0.00023459809789509004, 0.021660849396613134,
] as const;
/** Adding and subtracting 1.5 * 2^52 rounds a float64 to the nearest integer, ties to even. */
const ROUNDER = 6755399441055744;
/** log(2^128), rounded down to float32: larger powers overflow. */
const LARGEST_EXPONENT = 88.72283172607422;
/** log(2^-150): smaller powers round to 0. */
const SMALLEST_EXPONENT = -150 * Math.LN2;

/** e^x for a float32 x, as a float32. */
export function expFloat32(x: number): number {
  if (x > LARGEST_EXPONENT) return Infinity;
  if (x < SMALLEST_EXPONENT) return 0;
  if (x !== x) return NaN;
  const steps = STEPS_PER_LN2 * x;
  const whole = steps + ROUNDER - ROUNDER;
  const rest = steps - whole;
  const index = ((whole % 32) + 32) % 32;
  const scale = (POWERS[index] as number) * 2 ** ((whole - index) / 32);
  const square = rest * rest;
  const polynomial = (EXP_CUBIC * rest + EXP_SQUARE) * square + (EXP_LINEAR * rest + 1);
  return Math.fround(polynomial * scale);
}

/** 1/c and log(c) for a c near the centre of each sixteenth of [0.7, 1.4). */
const LOG_INVERSES = Float64Array.of(
  1.398907162146528,
  1.3403141896637998,
  1.286432210124115,
  1.2367150214269895,
  1.1906977166711752,
  1.1479821020556429,
  1.1082251448272158,
  1.0711297413057381,
  1.036437278977283,
  1.0,
  0.9492859795739057,
  0.8951049428609004,
  0.8476821620351103,
  0.8050314851692001,
  0.7664671008843108,
  0.731428603316328,
);
const LOG_CENTRES = Float64Array.of(
  -0.33569133332882284,
  -0.2929040563774074,
  -0.2518726580937369,
  -0.21245868807117255,
  -0.17453945183745634,
  -0.1380057072319758,
  -0.10275976698545139,
  -0.06871392447020525,
  -0.0357891387398228,
  0.0,
  0.05204517742929496,
  0.11081431298787942,
  0.1652495223695143,
  0.21687389031699977,
  0.2659635028121397,
  0.3127556664073557,
);
const [LOG_QUARTIC, LOG_CUBIC, LOG_SQUARE] = [
  -0.25089342214237154, 0.333456765744066, -0.4999997485802103,
] as const;
const LOG_OFFSET = 0x3f330000;
const bits = new DataView(new ArrayBuffer(4));

/** The natural logarithm of a float32 x, as a float32. */
export function logFloat32(x: number): number {
  if (x === 0) return -Infinity;
  if (x < 0 || x !== x) return NaN;
  if (x === Infinity) return Infinity;
  const isSubnormal = x < 2 ** -126;
  bits.setFloat32(0, isSubnormal ? x * 2 ** 23 : x);
  const pattern = bits.getInt32(0) - (isSubnormal ? 23 << 23 : 0);
  const fromOffset = pattern - LOG_OFFSET;
  const index = (fromOffset >> 19) & 15;
  const exponent = fromOffset >> 23;
  bits.setInt32(0, pattern - (exponent << 23));
  const rest = bits.getFloat32(0) * (LOG_INVERSES[index] as number) - 1;
  const start = (LOG_CENTRES[index] as number) + exponent * Math.LN2;
  const square = rest * rest;
  const polynomial = LOG_QUARTIC * square + (LOG_CUBIC * rest + LOG_SQUARE);
  return Math.fround(polynomial * square + (start + rest));
}
