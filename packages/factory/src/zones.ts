/** The production zones, in order, and the minutes that a plain vehicle spends in each. */
export const zoneMinutes = {
  body_shop_min: 62,
  paint_prep_min: 38,
  paint_booth_min: 27,
  paint_oven_min: 44,
  trim_1_min: 31,
  trim_2_min: 33,
  trim_3_min: 29,
  cockpit_min: 24,
  engine_dress_min: 36,
  marriage_min: 18,
  chassis_1_min: 26,
  chassis_2_min: 28,
  fluids_min: 14,
  wheels_min: 12,
  electronics_min: 22,
  final_line_min: 41,
} as const;

export type ZoneName = keyof typeof zoneMinutes;
export const zoneNames = Object.keys(zoneMinutes) as ZoneName[];
