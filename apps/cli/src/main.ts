#!/usr/bin/env node
import { runCli } from './index.ts';

process.exitCode = await runCli(process.argv.slice(2), process.env, {
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
});
