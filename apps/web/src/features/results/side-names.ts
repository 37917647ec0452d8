/** What the two models are called in tables and legends. */
export interface SideNames {
  readonly current: string;
  readonly candidate: string;
}
