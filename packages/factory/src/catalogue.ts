/** What the simulated factory builds, with the share of each choice. All names are invented. */

export const models = { Aro: 26, Brisa: 22, Corvo: 18, Duna: 14, Eixo: 12, Faro: 8 } as const;
export type Model = keyof typeof models;

export const bodies: Readonly<Record<Model, Readonly<Record<string, number>>>> = {
  Aro: { hatch: 1 },
  Brisa: { hatch: 6, sedan: 4 },
  Corvo: { sedan: 7, wagon: 3 },
  Duna: { suv: 1 },
  Eixo: { suv: 6, wagon: 4 },
  Faro: { pickup: 1 },
};

export const colours = {
  white: 22,
  pearl_white: 10,
  silver: 14,
  grey: 12,
  graphite: 9,
  black: 11,
  red: 5,
  red_metallic: 5,
  blue: 4,
  blue_metallic: 4,
  green: 2,
  orange: 2,
} as const;

const small = { E10: 55, E10T: 25, E14T: 12, E16: 8 };
const large = { E14T: 30, E16: 18, E20: 22, D20: 18, H14: 12 };
export const engines: Readonly<Record<Model, Readonly<Record<string, number>>>> = {
  Aro: small,
  Brisa: small,
  Corvo: { E10T: 30, E14T: 30, E16: 25, H14: 15 },
  Duna: large,
  Eixo: large,
  Faro: { D20: 75, E20: 25 },
};

export const turboEngines: ReadonlySet<string> = new Set(['E10T', 'E14T', 'D20', 'H14']);

export const gearboxes: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  E10: { manual: 85, automatic: 15 },
  E10T: { manual: 40, automatic: 35, dual_clutch: 25 },
  E14T: { manual: 10, automatic: 45, dual_clutch: 45 },
  E16: { manual: 55, automatic: 45 },
  E20: { automatic: 70, dual_clutch: 30 },
  D20: { manual: 35, automatic: 65 },
  H14: { dual_clutch: 100 },
};

export const markets = { BR: 58, AR: 14, CL: 7, CO: 6, MX: 6, UY: 4, PE: 3, PY: 2 } as const;
export const harnessSuppliers = { H1: 50, H2: 30, H3: 20 } as const;
export const damperSuppliers = { D1: 60, D2: 40 } as const;
export const seatSuppliers = { S1: 45, S2: 35, S3: 20 } as const;
export const shifts = ['early', 'late', 'night'] as const;
