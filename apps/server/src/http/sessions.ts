import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { userInfo } from 'node:os';
import { findPerson, type Db } from '@kaefer/pipeline';
import type { Session } from '@kaefer/contracts';

const sessionDays = 30;
const linkHours = 24;
const msPerHour = 3_600_000;

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether two secrets are equal, in a time that does not depend on where they differ. */
function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(hashOf(a), hashOf(b));
}

/** Who may use the server: holders of the token, browsers that opened the printed link, and people who were invited. */
export class Sessions {
  readonly #db: Db;
  readonly #token: string | null;
  #link: { readonly secret: string; readonly expiresAt: number } | undefined;

  constructor(db: Db, token: string | null) {
    this.#db = db;
    this.#token = token;
  }

  /** A new secret for the sign-in link; it works once, and replaces the one before. */
  createLink(): string {
    const secret = randomBytes(24).toString('base64url');
    this.#link = { secret, expiresAt: Date.now() + linkHours * msPerHour };
    return secret;
  }

  /** A new secret that signs a person's browser in, once; those before stay good until they are used or too old. */
  async invite(person: string): Promise<{ secret: string; expiresAt: string }> {
    const secret = randomBytes(24).toString('base64url');
    const now = Date.now();
    const expiresAt = new Date(now + linkHours * msPerHour).toISOString();
    await this.#db
      .insertInto('invitations')
      .values({
        token_hash: hashOf(secret).toString('hex'),
        person,
        created_at: new Date(now).toISOString(),
        expires_at: expiresAt,
      })
      .execute();
    return { secret, expiresAt };
  }

  /** Takes an invitation's secret and starts the person's session; undefined when it is none, was used or is too old. */
  async redeemInvitation(secret: string): Promise<string | undefined> {
    const found = await this.#db
      .deleteFrom('invitations')
      .where('token_hash', '=', hashOf(secret).toString('hex'))
      .returning(['person', 'expires_at'])
      .executeTakeFirst();
    if (found === undefined || found.expires_at < new Date().toISOString()) return undefined;
    const person = await findPerson(this.#db, found.person);
    return person === undefined || person.removedAt !== null
      ? undefined
      : this.#start(person.name, person.id);
  }

  /** Takes the link's secret and starts a session; undefined when it was used, is too old or is not the one. */
  async redeemLink(secret: string): Promise<string | undefined> {
    const link = this.#link;
    if (link === undefined || link.expiresAt < Date.now() || !equalSecrets(link.secret, secret))
      return undefined;
    this.#link = undefined;
    return this.#start(localUser());
  }

  /** Starts a browser session for someone who has the token; undefined when it is not the one. */
  async redeemToken(token: string): Promise<string | undefined> {
    return this.#token !== null && equalSecrets(this.#token, token) ? this.#start('token') : undefined;
  }

  /** Who a request comes from: by its `Authorization` header, else by its cookie. */
  async identify(
    authorization: string | undefined,
    cookie: string | undefined,
  ): Promise<Session | undefined> {
    const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    if (bearer !== undefined)
      return this.#token !== null && equalSecrets(this.#token, bearer)
        ? { user: 'token', via: 'token', role: 'engineer', person: null }
        : undefined;
    if (cookie === undefined || cookie === '') return undefined;
    const row = await this.#db
      .selectFrom('sessions')
      .select(['user', 'person', 'expires_at'])
      .where('token_hash', '=', hashOf(cookie).toString('hex'))
      .executeTakeFirst();
    if (row === undefined || row.expires_at < new Date().toISOString()) return undefined;
    if (row.person === null) return { user: row.user, via: 'link', role: 'engineer', person: null };
    const person = await findPerson(this.#db, row.person);
    if (person === undefined || person.removedAt !== null) return undefined;
    return { user: person.name, via: 'link', role: person.role, person: person.id };
  }

  async end(cookie: string | undefined): Promise<void> {
    if (cookie === undefined) return;
    await this.#db.deleteFrom('sessions').where('token_hash', '=', hashOf(cookie).toString('hex')).execute();
  }

  async #start(user: string, person: string | null = null): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const now = Date.now();
    await this.#db.deleteFrom('sessions').where('expires_at', '<', new Date(now).toISOString()).execute();
    await this.#db
      .insertInto('sessions')
      .values({
        token_hash: hashOf(secret).toString('hex'),
        user,
        person,
        created_at: new Date(now).toISOString(),
        expires_at: new Date(now + sessionDays * 24 * msPerHour).toISOString(),
      })
      .execute();
    return secret;
  }
}

/** The name that decisions carry which are made in a browser that opened the printed link: the machine's user. */
export function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'local';
  }
}
