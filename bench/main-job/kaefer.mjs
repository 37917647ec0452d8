// Käfer's side of the main job: the state of two months, then the measured third.
import { flightsProject, startServer, training } from '../kaefer-server.mjs';
import { watchMemory } from '../process-memory.mjs';

/** A project with the files' rows and a champion trained on them; the server is stopped again. */
export async function prepareKaefer(dataDir, files) {
  const server = await startServer(dataDir);
  try {
    const project = await server.api.post('/projects', { name: 'flights', ...flightsProject, training });
    const uploads = [];
    for (const file of files) uploads.push((await server.api.upload(project.id, file)).id);
    const run = await server.api.post(`/projects/${project.id}/runs`, { uploads, mode: 'full' });
    await server.api.waiting(run.id);
    await server.api.post(`/runs/${run.id}/decision`, { choice: 'candidate' });
    return project.id;
  } finally {
    await server.stop();
  }
}

/**
 * One month more: upload, run, comparison, decision; times in ms, memory in bytes.
 *
 * @param {boolean} isMemoryWatched sampling takes time from what is measured
 */
export async function updateKaefer(dataDir, project, file, isMemoryWatched) {
  const server = await startServer(dataDir);
  try {
    const memory = isMemoryWatched ? watchMemory(server.pid) : undefined;
    const startedAt = performance.now();
    const upload = await server.api.upload(project, file);
    const uploadedAt = performance.now();
    const { id } = await server.api.post(`/projects/${project}/runs`, { uploads: [upload.id], mode: 'full' });
    const run = await server.api.waiting(id);
    const ranAt = performance.now();
    const comparison = await server.api.get(`/runs/${id}/comparison`);
    await server.api.post(`/runs/${id}/decision`, { choice: 'candidate' });
    const decidedAt = performance.now();
    const { treePss, rootRss, processes } = memory?.stop() ?? {};
    return {
      wallMs: decidedAt - startedAt,
      timings: {
        upload: uploadedAt - startedAt,
        run: ranAt - uploadedAt,
        ...run.timings,
        decide: decidedAt - ranAt,
      },
      treePss,
      serverRss: rootRss,
      processes,
      rejected: upload.rows.rejected,
      holdoutRows: comparison.holdout.rows,
      results: { current: comparison.current.metrics, candidate: comparison.candidate.metrics },
    };
  } finally {
    await server.stop();
  }
}
