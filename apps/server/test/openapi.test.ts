import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { startedServer } from './support/started-server.ts';

type Content = Readonly<Record<string, { readonly schema: object }>>;
interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly security?: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly components: { readonly securitySchemes: Readonly<Record<string, object>> };
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The calls of the HTTP contract and what each answers with when it succeeds. */
const contract: readonly [call: string, status: number, type: string][] = [
  ['get /healthz', 200, 'application/json'],
  ['get /readyz', 200, 'application/json'],
  ['post /api/v1/projects', 201, 'application/json'],
  ['get /api/v1/projects', 200, 'application/json'],
  ['get /api/v1/projects/{project}', 200, 'application/json'],
  ['post /api/v1/projects/{project}/uploads', 201, 'application/json'],
  ['get /api/v1/uploads/{id}', 200, 'application/json'],
  ['get /api/v1/uploads/{id}/rejected.csv', 200, 'text/csv'],
  ['delete /api/v1/uploads/{id}', 200, 'application/json'],
  ['post /api/v1/projects/{project}/runs', 202, 'application/json'],
  ['get /api/v1/runs/{id}', 200, 'application/json'],
  ['post /api/v1/runs/{id}/cancel', 200, 'application/json'],
  ['get /api/v1/runs/{id}/events', 200, 'text/event-stream'],
  ['get /api/v1/runs/{id}/comparison', 200, 'application/json'],
  ['get /api/v1/runs/{id}/holdout.csv', 200, 'text/csv'],
  ['post /api/v1/runs/{id}/decision', 200, 'application/json'],
  ['get /api/v1/projects/{project}/models', 200, 'application/json'],
  ['get /api/v1/projects/{project}/models/{version}', 200, 'application/json'],
  ['get /api/v1/projects/{project}/models/{version}/model', 200, 'application/ubjson'],
  ['put /api/v1/projects/{project}/champion', 200, 'application/json'],
  ['post /api/v1/projects/{project}/predictions', 200, 'application/json'],
  ['post /api/v1/projects/{project}/predictions.csv', 200, 'text/csv'],
  ['get /api/v1/projects/{project}/dataset', 200, 'application/json'],
  ['get /api/v1/projects/{project}/dataset.csv', 200, 'text/csv'],
  ['get /api/v1/projects/{project}/dataset/{version}/changes', 200, 'application/json'],
  ['post /api/v1/projects/{project}/dataset/restore', 200, 'application/json'],
  ['get /api/v1/projects/{project}/sources', 200, 'application/json'],
  ['post /api/v1/projects/{project}/recipe/trial', 200, 'application/json'],
  ['get /api/v1/projects/{project}/contract', 200, 'application/json'],
  ['put /api/v1/projects/{project}/contract', 200, 'application/json'],
  ['get /api/v1/projects/{project}/contract/versions', 200, 'application/json'],
  ['post /api/v1/uploads/{id}/reading', 201, 'application/json'],
  ['get /api/v1/uploads/{id}/undo', 200, 'application/json'],
  ['post /api/v1/uploads/{id}/undo', 200, 'application/json'],
];

describe('the OpenAPI document', () => {
  let document: Document;

  beforeAll(async () => {
    document = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')) as Document;
  });

  const operations = (): [call: string, path: string, operation: Operation][] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
        `${method} ${path}`,
        path,
        operation,
      ]),
    );

  test('is the one that the server gives; else run scripts/write-openapi.mjs', async () => {
    const { stranger } = await startedServer();
    const response = await stranger.send('/api/openapi.json');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(document);
    const page = await stranger.send('/api/docs/');
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/html/),
    ]);
  });

  test('is of version 3.1 and holds every call of the contract', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Käfer' });
    const known = new Map(operations().map(([call, , operation]) => [call, operation]));
    for (const [call, status, type] of contract) {
      const answer = known.get(call)?.responses[status];
      expect(answer, `${call} ${status}`).toBeDefined();
      expect(Object.keys(answer?.content ?? {}), call).toEqual([type]);
    }
  });

  test('tells of every call what it takes, answers and how it is refused', () => {
    for (const [call, path, operation] of operations()) {
      expect(operation.summary, call).toMatch(/\S/);
      expect(operation.tags, call).toHaveLength(1);
      const [method] = call.split(' ');
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name).sort(), call).toEqual([...inPath].sort());
      expect(
        declared.every(({ required }) => required === true),
        call,
      ).toBe(true);
      if (method === 'get' || method === 'delete') expect(operation.requestBody, call).toBeUndefined();
      expect(
        Object.keys(operation.responses).some((status) => /^20[0-4]$/.test(status)),
        call,
      ).toBe(true);
      for (const refusal of ['4XX', '5XX'])
        expect(Object.keys(operation.responses[refusal]?.content ?? {}), `${call} ${refusal}`).toEqual([
          'application/problem+json',
        ]);
      for (const { description } of Object.values(operation.responses))
        expect(description, call).toMatch(/\S/);
      const needsNobody = operation.security?.length === 0;
      const open = ['get /healthz', 'get /readyz', 'post /api/v1/session'].includes(call);
      expect(needsNobody, call).toBe(open);
    }
    for (const file of ['uploads', 'predictions.csv'])
      expect(
        Object.keys(
          document.paths[`/api/v1/projects/{project}/${file}`]?.['post']?.requestBody?.content ?? {},
        ),
      ).toEqual(['text/csv', 'multipart/form-data']);
    const schemes = Object.keys(document.components.securitySchemes);
    expect(document.security.flatMap((scheme) => Object.keys(scheme)).sort()).toEqual(schemes.sort());
  });

  test('holds only schemas that a validator accepts', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const [call, , { parameters = [], requestBody, responses }] of operations()) {
      const schemas = [
        ...parameters.map(({ schema }) => schema),
        ...[requestBody, ...Object.values(responses)].flatMap((part) =>
          Object.values(part?.content ?? {}).map(({ schema }) => schema),
        ),
      ];
      for (const schema of schemas) {
        expect(JSON.stringify(schema), call).not.toContain('"$ref"');
        expect(() => ajv.compile(schema), call).not.toThrow();
      }
    }
  });

  test('takes the answers that the server gives', async () => {
    const { api } = await startedServer();
    const project = await api.createProject({ name: 'p', task: 'binary', target: 'y' });
    const schema =
      document.paths['/api/v1/projects/{project}']?.['get']?.responses['200']?.content?.['application/json']
        ?.schema;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema ?? false);
    expect(validate(project), JSON.stringify(validate.errors)).toBe(true);
  });
});
