import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { describeError, errorCatalogue, ProblemDetails, type ErrorCode } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CallOptions } from './support/api-client.ts';
import { dropColumns, simulateRows } from './support/rows.ts';
import { quickTraining, startedServer, token } from './support/started-server.ts';

const rows = dropColumns(simulateRows({ count: 300 }), ['grade', 'minutes']);
const creation = { name: 'p', task: 'binary', target: 'failed', key: 'id', training: quickTraining } as const;

describe('refusals', () => {
  test('each comes as problem details, in the language of the reader', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    await api.createProject({ ...creation, name: 'empty' });
    await api.learn('p', rows);
    const cases: readonly [code: ErrorCode, path: string, options?: CallOptions][] = [
      ['not_found', '/api/v1/nothing'],
      ['not_found', '/api/v1/projects/p/nothing'],
      ['project_not_found', '/api/v1/projects/none'],
      ['project_not_found', '/api/v1/projects/none/runs', { json: {} }],
      ['project_not_found', '/api/v1/projects/none/predictions', { json: { rows: [{}] } }],
      ['project_not_found', '/api/v1/projects/none/dataset.csv'],
      ['project_exists', '/api/v1/projects', { json: creation }],
      ['project_exists', '/api/v1/projects', { json: { ...creation, name: 'P!' } }],
      ['project_invalid', '/api/v1/projects', { json: { ...creation, name: 'q', key: 'failed' } }],
      ['project_invalid', '/api/v1/projects', { json: { ...creation, name: 'q', target: '_upload' } }],
      ['project_invalid', '/api/v1/projects', { json: { ...creation, name: 'q', exclude: ['id'] } }],
      [
        'project_invalid',
        '/api/v1/projects',
        { json: { ...creation, name: 'q', task: 'regression', positive: 'x' } },
      ],
      ['invalid_request', '/api/v1/projects', { json: { name: 'q' } }],
      ['invalid_request', '/api/v1/projects', { json: { ...creation, training: { rounds: 0 } } }],
      [
        'invalid_request',
        '/api/v1/projects',
        { csv: '{"name": ', headers: { 'content-type': 'application/json' } },
      ],
      ['invalid_request', '/api/v1/projects', { csv: 'a,b' }],
      ['invalid_request', '/api/v1/projects/p/runs', { json: { uploads: 'all' } }],
      ['invalid_request', '/api/v1/projects/p/runs', { json: { uploads: [], colour: 'blue' } }],
      ['invalid_request', '/api/v1/projects/p/models/first'],
      ['invalid_request', '/api/v1/projects/p/dataset.csv?version=-1'],
      ['invalid_request', '/api/v1/projects/p/dataset.csv?version=last'],
      ['invalid_request', '/api/v1/projects/p/dataset/restore', { json: { version: 1.5 } }],
      ['invalid_request', '/api/v1/projects/p/records'],
      ['upload_not_found', '/api/v1/uploads/none'],
      ['upload_not_found', '/api/v1/uploads/none/rejected.csv'],
      ['upload_not_found', '/api/v1/uploads/none', { method: 'DELETE' }],
      ['upload_not_found', '/api/v1/projects/p/runs', { json: { uploads: ['none'] } }],
      ['run_not_found', '/api/v1/runs/none'],
      ['run_not_found', '/api/v1/runs/none/comparison'],
      ['run_not_found', '/api/v1/runs/none/cancel', { method: 'POST' }],
      ['run_not_found', '/api/v1/runs/none/decision', { json: { choice: 'candidate' } }],
      ['model_not_found', '/api/v1/projects/p/models/9'],
      ['model_not_found', '/api/v1/projects/p/models/9/model'],
      ['model_not_found', '/api/v1/projects/p/models/9/reproduce', { method: 'POST' }],
      ['model_not_found', '/api/v1/projects/p/champion', { method: 'PUT', json: { version: 9 } }],
      ['no_champion', '/api/v1/projects/empty/predictions', { json: { rows: [{}] } }],
      ['no_champion', '/api/v1/projects/empty/predictions.csv', { csv: 'a\n1\n' }],
      [
        'unsupported_media_type',
        '/api/v1/projects',
        { csv: '<p/>', headers: { 'content-type': 'application/xml' } },
      ],
    ];
    for (const [code, path, options] of cases) {
      const { status } = errorCatalogue[code];
      const english = await api.refused(code, status, path, options);
      const portuguese = await api.refused(code, status, path, {
        ...options,
        headers: { ...options?.headers, 'accept-language': 'fr;q=0.5, pt-BR;q=0.4' },
      });
      expect(english.title, path).toBe(describeError({ code, parameters: {} }, 'en').title);
      expect(portuguese.title, path).toBe(describeError({ code, parameters: {} }, 'pt-BR').title);
      expect(portuguese.detail, path).not.toBe(english.detail);
    }
    const places = await api.refused('invalid_request', 400, '/api/v1/projects', { json: { task: 'guess' } });
    expect((places.problems ?? []).map((place) => ('path' in place ? place.path : ''))).toEqual(
      expect.arrayContaining(['/name', '/task', '/target']),
    );
  });

  test('a body that says it is over the limit is refused before it is sent', async () => {
    const { api } = await startedServer();
    const sending = request(`${api.address}/api/v1/projects`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': 33 << 20,
      },
    });
    sending.flushHeaders();
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    const problem = ProblemDetails.parse(await json(response));
    sending.destroy();
    expect(problem).toMatchObject({ code: 'upload_too_large', status: 413 });
    expect(problem.detail).toContain('32 MB');
  });

  test('an upload of another project is none of this one', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    await api.createProject({ ...creation, name: 'other' });
    const upload = await api.upload('other', rows);
    await api.refused('upload_not_found', 404, '/api/v1/projects/p/runs', { json: { uploads: [upload.id] } });
  });

  test('no path in an id or a name leads out of the lake', async () => {
    const { api, dataDir } = await startedServer();
    await api.createProject(creation);
    const climbs = [
      '..%2F..%2Fetc%2Fpasswd',
      '%2e%2e%2f%2e%2e',
      '..%5C..',
      '.%00',
      '%2Fetc%2Fpasswd',
      'p%2F..%2Fp',
      '..',
    ];
    for (const climb of climbs) {
      const paths = [
        `/api/v1/projects/${climb}`,
        `/api/v1/projects/${climb}/dataset.csv`,
        `/api/v1/projects/${climb}/models/1/model`,
        `/api/v1/uploads/${climb}`,
        `/api/v1/uploads/${climb}/rejected.csv`,
        `/api/v1/runs/${climb}/holdout.csv`,
        `/api/v1/projects/p/models/${climb}/model`,
      ];
      for (const path of paths) {
        const response = await api.send(path);
        expect([400, 404], path).toContain(response.status);
        ProblemDetails.parse(await response.json());
      }
      const upload = await api.send(`/api/v1/projects/${climb}/uploads`, { csv: 'a,b\n1,2\n' });
      expect(upload.status).toBeGreaterThanOrEqual(400);
    }
    const named = await api.createProject({ ...creation, name: '../../Ünsafe näme/..' });
    expect(named.id).toBe('unsafe-name');
    expect((await api.createProject({ ...creation, name: '🚗' })).id).toMatch(/^project-[0-9a-f]{8}$/);
    const folders = readdirSync(join(dataDir, 'lake/projects'));
    expect(folders).toHaveLength(3);
    for (const folder of folders) expect(folder).toMatch(/^[a-z0-9-]+$/);
    expect(existsSync(join(dataDir, 'etc'))).toBe(false);
  });
});
