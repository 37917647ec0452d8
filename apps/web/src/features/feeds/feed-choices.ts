import type { Feed, FeedRequestInput, FeedSchedule, SecretUse } from '@kaefer/contracts';

export const feedKinds = ['url', 's3', 'folder'] as const;

/** What the form holds, all as text. */
export interface FeedChoices {
  readonly name: string;
  readonly kind: (typeof feedKinds)[number];
  readonly address: string;
  readonly report: string;
  readonly schedule: FeedSchedule['kind'];
  readonly minutes: string;
  readonly time: string;
  readonly secret: string;
  readonly sendAs: SecretUse['as'];
  readonly sendName: string;
  readonly region: string;
  readonly endpoint: string;
}

const emptyChoices: FeedChoices = {
  name: '',
  kind: 'url',
  address: '',
  report: '',
  schedule: 'every',
  minutes: '60',
  time: '06:00',
  secret: '',
  sendAs: 'bearer',
  sendName: '',
  region: 'us-east-1',
  endpoint: '',
};

/** The form of a feed as it is, or of a new one. */
export function choicesOf(feed: Feed | null): FeedChoices {
  if (feed === null) return emptyChoices;
  const { schedule } = feed;
  return {
    ...emptyChoices,
    name: feed.name,
    kind: feed.kind,
    address: feed.address,
    report: feed.report ?? '',
    schedule: schedule.kind,
    ...(schedule.kind === 'every' ? { minutes: String(schedule.minutes) } : {}),
    ...(schedule.kind === 'daily' ? { time: schedule.at } : {}),
    ...(feed.kind === 'folder' ? {} : { secret: feed.secret ?? '' }),
    ...(feed.kind === 'url'
      ? { sendAs: feed.sendAs.as, sendName: 'name' in feed.sendAs ? feed.sendAs.name : '' }
      : {}),
    ...(feed.kind === 's3' ? { region: feed.region, endpoint: feed.endpoint ?? '' } : {}),
  };
}

export type FeedProblem = 'name' | 'nameTaken' | 'address' | 'minutes' | 'time' | 'secret' | 'sendName';

/** What of the form cannot be sent, by field. */
export function problemsOf(
  choices: FeedChoices,
  otherNames: readonly string[],
): Partial<Record<keyof FeedChoices, FeedProblem>> {
  const { name, kind, address, schedule, minutes, time, secret, sendAs, sendName } = choices;
  const form = { url: /^https?:\/\/[^/]+/i, s3: /^s3:\/\/[^/]+/, folder: /^(\/|[A-Za-z]:[\\/])/ }[kind];
  const needsName = kind === 'url' && secret !== '' && (sendAs === 'header' || sendAs === 'query');
  return {
    ...(/^[a-z][a-z0-9-]{0,39}$/.test(name) ? {} : { name: 'name' }),
    ...(otherNames.includes(name) ? { name: 'nameTaken' } : {}),
    ...(form.test(address.trim()) ? {} : { address: 'address' }),
    ...(schedule === 'every' && !(/^\d{1,5}$/.test(minutes) && +minutes >= 1 && +minutes <= 10_080)
      ? { minutes: 'minutes' }
      : {}),
    ...(schedule === 'daily' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? { time: 'time' } : {}),
    ...(kind !== 'folder' && !/^([a-z][a-z0-9_]{0,39})?$/.test(secret) ? { secret: 'secret' } : {}),
    ...(needsName && !/^[A-Za-z0-9_.-]{1,60}$/.test(sendName) ? { sendName: 'sendName' } : {}),
  };
}

/** The form as it is sent; it must have no problems. */
export function requestOf(choices: FeedChoices): FeedRequestInput {
  const { kind, report } = choices;
  const schedule: FeedSchedule =
    choices.schedule === 'every'
      ? { kind: 'every', minutes: Number(choices.minutes) }
      : choices.schedule === 'daily'
        ? { kind: 'daily', at: choices.time }
        : { kind: 'asked' };
  const common = { address: choices.address.trim(), schedule, report: report === '' ? null : report };
  const secret = choices.secret === '' ? null : choices.secret;
  switch (kind) {
    case 'folder':
      return { kind, ...common };
    case 's3': {
      const endpoint = choices.endpoint.trim();
      return { kind, ...common, secret, region: choices.region, endpoint: endpoint === '' ? null : endpoint };
    }
    case 'url': {
      const { sendAs: as, sendName: name } = choices;
      const sendAs: SecretUse = as === 'header' || as === 'query' ? { as, name } : { as };
      return { kind, ...common, secret, sendAs: secret === null ? { as: 'bearer' } : sendAs };
    }
  }
}
