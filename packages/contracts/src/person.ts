import { z } from 'zod';

/** Engineers define projects and let people in; operators send data, retrain, choose and predict. */
export const Role = z.enum(['operator', 'engineer']);
export type Role = z.infer<typeof Role>;

/** Somebody who signs in by a name of their own. */
export const Person = z.object({
  id: z.string(),
  /** No two people ever have the same one, so that a decision names one person. */
  name: z.string(),
  role: Role,
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  /** Since when they may no longer sign in; null while they may. */
  removedAt: z.iso.datetime().nullable(),
  removedBy: z.string().nullable(),
});
export type Person = z.infer<typeof Person>;

export const PersonCreation = z.strictObject({
  name: z.string().trim().min(1).max(80),
  role: Role.default('operator'),
});
export type PersonCreation = z.infer<typeof PersonCreation>;

/** A link that signs a person's browser in, once. */
export const Invitation = z.object({
  person: Person,
  /** Path and query, to be put behind the server's address; shown this once. */
  path: z.string(),
  expiresAt: z.iso.datetime(),
});
export type Invitation = z.infer<typeof Invitation>;

export const Session = z.object({
  user: z.string(),
  via: z.enum(['link', 'token']),
  role: Role,
  /** Null for the token, and for whoever opened the link that the start printed. */
  person: z.string().nullable(),
});
export type Session = z.infer<typeof Session>;
