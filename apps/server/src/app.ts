import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { fastify, type FastifyBaseLogger } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Context } from './context.ts';
import { requireSession } from './http/authentication.ts';
import { describeRoute } from './http/describe-route.ts';
import { handleErrors, sendProblem } from './http/problem-details.ts';
import { acceptFileStreams } from './http/request-file.ts';
import type { OutcomeWatch } from './outcomes/outcomes.ts';
import type { Sessions } from './http/sessions.ts';
import type { App } from './http/typed.ts';
import type { Intake } from './intake/intake.ts';
import { feedRoutes } from './routes/feed-routes.ts';
import { healthRoutes } from './routes/health-routes.ts';
import { modelRoutes, predictionRoutes } from './routes/model-routes.ts';
import { contractRoutes } from './routes/contract-routes.ts';
import { peopleRoutes } from './routes/people-routes.ts';
import { proposalRoutes } from './routes/proposal-routes.ts';
import { datasetRoutes, projectRoutes } from './routes/project-routes.ts';
import { outcomeRoutes } from './routes/outcome-routes.ts';
import { runEventsRoute } from './routes/run-events-route.ts';
import { runRoutes } from './routes/run-routes.ts';
import { sessionRoutes, signInRoute } from './routes/session-routes.ts';
import { uploadRoutes } from './routes/upload-routes.ts';
import type { RunQueue } from './runs/run-queue.ts';
import { programVersion } from './program-version.ts';

const webFolder = fileURLToPath(new URL('../../web/dist', import.meta.url));
/** Largest JSON body: ten thousand records of a hundred columns. */
const jsonLimitBytes = 32 << 20;

export interface Parts {
  readonly context: Context;
  readonly queue: RunQueue;
  readonly intake: Intake;
  readonly sessions: Sessions;
  readonly outcomes: OutcomeWatch;
  readonly log: FastifyBaseLogger;
  /** False while starting and stopping. */
  readonly isReady: () => boolean;
}

/** The whole HTTP side; it listens nowhere yet. */
export async function buildApp({
  context,
  queue,
  intake,
  sessions,
  outcomes,
  log,
  isReady,
}: Parts): Promise<App> {
  const app: App = fastify({
    loggerInstance: log,
    bodyLimit: jsonLimitBytes,
    // A busy machine is no reason to give up at start.
    pluginTimeout: 0,
    requestTimeout: 0,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  handleErrors(app);
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
  });
  await app.register(rateLimit, { global: false });
  // One byte more than allowed: the plugin cuts a longer file short, and what receives it refuses what is over.
  await app.register(multipart, { limits: { fileSize: context.config.uploadLimitBytes + 1, files: 1 } });
  acceptFileStreams(app);
  await describeApi(app);
  healthRoutes(app, isReady);
  signInRoute(app, sessions);
  await app.register(async (scope) => {
    const api = scope.withTypeProvider<ZodTypeProvider>();
    requireSession(api, sessions);
    sessionRoutes(api, sessions);
    peopleRoutes(api, context, sessions);
    proposalRoutes(api, context, queue);
    projectRoutes(api, context);
    datasetRoutes(api, context);
    contractRoutes(api, context);
    uploadRoutes(api, context);
    feedRoutes(api, context, intake);
    runRoutes(api, context, queue);
    runEventsRoute(api, context, queue);
    modelRoutes(api, context);
    predictionRoutes(api, context, outcomes);
    outcomeRoutes(api, context, outcomes);
    api.all('/api/v1/*', { schema: { hide: true } }, async (request, reply) =>
      sendProblem(request, reply, {
        code: 'not_found',
        parameters: { path: request.url.split('?')[0] ?? '' },
      }),
    );
  });
  await serveWeb(app);
  await app.ready();
  return app;
}

/** OpenAPI 3.1 from the schemas that validate, and a page to try it. */
async function describeApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Käfer',
        description: 'Keeps a tabular prediction model good while its data grows.',
        version: programVersion,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'kaefer_session' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: describeRoute,
  });
  await app.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: false });
  app.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.send(app.swagger()),
  );
}

/** The web app's files; addresses that it handles itself answer with its page. */
async function serveWeb(app: App): Promise<void> {
  if (!existsSync(join(webFolder, 'index.html'))) return;
  await app.register(fastifyStatic, {
    root: webFolder,
    immutable: true,
    maxAge: '30d',
    index: false,
  });
  const page = async (
    _request: unknown,
    reply: { header(name: string, value: string): unknown; sendFile(name: string, options: object): unknown },
  ) => {
    reply.header('cache-control', 'no-cache');
    return reply.sendFile('index.html', { maxAge: 0, immutable: false, cacheControl: false });
  };
  for (const path of ['/', '/projects', '/projects/*', '/runs/*', '/new', '/new/*', '/people'])
    app.get(path, { schema: { hide: true } }, page);
}
