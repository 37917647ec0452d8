/** A prediction of a record with a key, as it waits in a file to be kept: one JSON object a line. */
export interface MadePrediction {
  readonly key: string;
  /** As the prediction's `score`. */
  readonly score: number;
  readonly label: string;
  readonly model: number;
  /** The newest version of the data when it was made. */
  readonly dataset_version: number;
  /** ISO 8601 UTC. */
  readonly predicted_at: string;
}
