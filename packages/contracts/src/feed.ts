import { z } from 'zod';

/** Part of addresses of the API; what people call it. */
export const FeedName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** When files are fetched; times of day are those of the server's clock. */
export const FeedSchedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('asked') }),
  z.strictObject({ kind: z.literal('every'), minutes: z.int().min(1).max(10_080) }),
  z.strictObject({ kind: z.literal('daily'), at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/) }),
]);
export type FeedSchedule = z.infer<typeof FeedSchedule>;

/** How a secret goes with a request. */
export const SecretUse = z.discriminatedUnion('as', [
  z.strictObject({ as: z.literal('bearer') }),
  /** The secret is `user:password`. */
  z.strictObject({ as: z.literal('basic') }),
  z.strictObject({ as: z.literal('header'), name: z.string().regex(/^[A-Za-z0-9-]{1,60}$/) }),
  /** As a parameter of the address, such as the signature of a shared link. */
  z.strictObject({ as: z.literal('query'), name: z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/) }),
]);
export type SecretUse = z.infer<typeof SecretUse>;

/** The name under which the operator of the server keeps a secret; the secret itself is never sent here. */
const secret = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .nullable()
  .default(null);
const address = z.string().trim().min(1).max(2000);

const common = {
  /** The report that its files are, in a project that takes several; null: their columns tell. */
  report: z.string().max(40).nullable().default(null),
  schedule: FeedSchedule.default({ kind: 'asked' }),
};
const url = {
  kind: z.literal('url'),
  /** `http://…` or `https://…` of one file. */
  address,
  secret,
  sendAs: SecretUse.default({ as: 'bearer' }),
};
const s3 = {
  kind: z.literal('s3'),
  /** `s3://bucket/prefix`: all files whose key begins so. */
  address,
  /** The secret is `ACCESS_KEY_ID:SECRET_ACCESS_KEY`; null: the credentials of the server itself. */
  secret,
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('us-east-1'),
  /** Of a server that is not Amazon's: `https://…`. */
  endpoint: address.nullable().default(null),
};
const folder = {
  kind: z.literal('folder'),
  /** Absolute path on the server; its files are read and stay where they are. */
  address,
};
const stored = {
  name: FeedName,
  /** Since when it is as it is. */
  since: z.iso.datetime(),
};

/** What a data engineer says of a place from which files are fetched. */
export const FeedRequest = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, ...url }),
  z.strictObject({ ...common, ...s3 }),
  z.strictObject({ ...common, ...folder }),
]);
export type FeedRequest = z.infer<typeof FeedRequest>;
/** What a client sends: defaults may be left out. */
export type FeedRequestInput = z.input<typeof FeedRequest>;

/** A place from which files are fetched for a project. */
export const Feed = z.discriminatedUnion('kind', [
  z.strictObject({ ...stored, ...common, ...url }),
  z.strictObject({ ...stored, ...common, ...s3 }),
  z.strictObject({ ...stored, ...common, ...folder }),
]);
export type Feed = z.infer<typeof Feed>;

/** What was not as hoped, in the reader's language. */
const failure = z.object({
  /** Null: it was nothing of a single file. */
  file: z.string().nullable(),
  code: z.string(),
  title: z.string(),
  detail: z.string(),
});

/** One look at the place. */
export const FeedAttempt = z.object({
  /** When it ended; of several looks in a row with the same result, the last. */
  at: z.iso.datetime(),
  /** When the first of them ended. */
  since: z.iso.datetime(),
  /** How many they were. */
  repeated: z.int(),
  /** Null when nobody asked for it: it was due. */
  askedBy: z.string().nullable(),
  /** Uploads that were made of its files. */
  taken: z.array(z.string()),
  /** Files that were taken before. */
  known: z.int(),
  failures: z.array(failure),
});
export type FeedAttempt = z.infer<typeof FeedAttempt>;

/** A place from which files come by themselves, and how that goes. */
export const FeedState = z.object({
  name: z.string(),
  /** `watched`: the folder that the operator of the server named for all projects (KAFER_INTAKE_DIR). */
  kind: z.enum(['url', 's3', 'folder', 'watched']),
  address: z.string(),
  /** Null for the watched folder, which no project configures. */
  feed: Feed.nullable(),
  /** Null when files are fetched only when somebody asks. */
  nextAt: z.iso.datetime().nullable(),
  isFetching: z.boolean(),
  /** The latest first. */
  attempts: z.array(FeedAttempt),
});
export type FeedState = z.infer<typeof FeedState>;

/** The name of the watched folder among a project's feeds; no other may have it. */
export const watchedFolderName = 'watched-folder';
