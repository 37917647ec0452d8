import { Invitation } from '@kaefer/contracts';
import { expect } from 'vitest';
import { ApiClient, type CallOptions } from './api-client.ts';

/** The cookie that an answer sets, as a browser sends it back. */
export const cookieOf = (response: Response): string =>
  response.headers.get('set-cookie')?.split(';')[0] ?? '';

/** A browser that somebody is signed in with. */
export class Browser extends ApiClient {
  readonly cookie: string;
  constructor(address: string, cookie: string) {
    super(address, null);
    this.cookie = cookie;
  }
  override send(path: string, options: CallOptions = {}): Promise<Response> {
    return super.send(path, { ...options, headers: { ...options.headers, cookie: this.cookie } });
  }
}

/** Makes a person and the link that signs them in. */
export const invite = (api: ApiClient, name: string, role?: 'operator' | 'engineer'): Promise<Invitation> =>
  api.call(Invitation, 201, '/api/v1/people', { json: { name, ...(role === undefined ? {} : { role }) } });

/** Signs in by an invitation's link. */
export async function browserOf(address: string, { path }: Invitation): Promise<Browser> {
  const response = await new ApiClient(address, null).send(path);
  expect([response.status, response.headers.get('location')]).toEqual([302, '/']);
  return new Browser(address, cookieOf(response));
}
