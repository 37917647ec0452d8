/** What the cells of a column alone prove of how it is written: its decimal mark, or the order of its dates. */
export type ProvenFormat = 'comma' | 'point' | 'day_first' | 'month_first';
export type ProvenFormats = Readonly<Record<string, ProvenFormat>>;

/** What files of before have proven: of columns by their names, and of all that they prove alike. */
export interface EarlierFormats {
  readonly columns: ReadonlyMap<
    string,
    {
      readonly mark?: Mark | undefined;
      readonly dates?: Order | undefined;
      readonly offsets?: Offsets | undefined;
    }
  >;
  readonly mark?: Mark | undefined;
  readonly dates?: Order | undefined;
}
type Mark = 'comma' | 'point';
type Order = 'day_first' | 'month_first';

/** Whether the times of a column say how far they are from UTC. */
export type Offsets = 'with' | 'without';

/** What a checked file is remembered for. */
export interface FileFormats {
  readonly proven?: ProvenFormats;
  /** Of its columns of times. */
  readonly offsets?: Readonly<Record<string, Offsets>>;
}
