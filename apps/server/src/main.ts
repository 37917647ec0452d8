import { ConfigError, readConfig, type Config } from './config.ts';
import { DataFolderInUse, startServer } from './server.ts';

/** Prints what a person needs to go on; everything else goes to the log. */
async function main(): Promise<void> {
  const config = parseOrExit();
  const server = await startServer(config).catch((error: unknown) => {
    if (error instanceof DataFolderInUse)
      return exitWith(
        `Another Käfer is using the data in ${config.dataDir}. Stop it, or start this one on another folder: npm start -- --data-dir FOLDER`,
      );
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      return exitWith(
        `Port ${config.port} is taken by another program. Start Käfer on another one: npm start -- --port ${config.port + 1}`,
      );
    if (code === 'EACCES')
      return exitWith(
        `Käfer may not use ${config.host}:${config.port} or write to ${config.dataDir}. Choose another port (--port) or folder (--data-dir).`,
      );
    throw error;
  });
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      server.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  console.log(
    `Käfer is ready. Open this link to sign in (it works once):\n\n  ${server.signInLink}\n\nThen use ${server.address}   (data: ${config.dataDir}; stop with Ctrl+C)`,
  );
  if (config.demo) {
    server.demo.then(
      () => console.log('The demo project with simulated data is ready.'),
      () => console.error('The demo project could not be set up; see the log above. Everything else works.'),
    );
  }
}

function parseOrExit(): Config {
  try {
    return readConfig(process.argv.slice(2), process.env);
  } catch (error) {
    if (error instanceof ConfigError) return exitWith(error.message);
    throw error;
  }
}

function exitWith(message: string): never {
  console.error(message);
  process.exit(1);
}

await main();
