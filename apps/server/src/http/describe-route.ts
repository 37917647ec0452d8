import { jsonSchemaTransform } from 'fastify-type-provider-zod';

type Transform = typeof jsonSchemaTransform;
type Schema = Record<string, unknown>;

const problemType = 'application/problem+json';
const successes: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Created',
  202: 'Accepted',
  204: 'Done',
  207: 'What became of each file of a form that held several',
};

/** How files are sent, by the content type: one as it is, or in form fields `file`; only uploads take several. */
const fileBodies: Readonly<Record<string, Schema>> = {
  'text/csv': { type: 'string', description: 'The file' },
  'multipart/form-data': {
    type: 'object',
    properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } },
    required: ['file'],
  },
};

/**
 * A route as OpenAPI tells it: what its Zod schemas say, and what streams and error answers are, which no schema
 * validates.
 */
export const describeRoute: Transform = (route) => {
  const { schema, url } = jsonSchemaTransform(route);
  const described = schema as Schema & { consumes?: string[]; response?: Record<string, Schema> };
  const { consumes, response } = described;
  if (described['hide'] === true) return { schema, url };
  const body =
    consumes === undefined
      ? {}
      : {
          body: {
            required: [],
            content: Object.fromEntries(consumes.map((type) => [type, { schema: fileBodies[type] ?? {} }])),
          },
        };
  const answers = Object.entries(response ?? {}).map(([status, answer]) => [
    status,
    status.endsWith('xx')
      ? { description: 'Problem details (RFC 9457)', content: { [problemType]: { schema: answer } } }
      : { ...answer, description: successes[status] ?? 'Done' },
  ]);
  return { schema: { ...described, ...body, response: Object.fromEntries(answers) as Schema }, url };
};
