#!/usr/bin/env node
import { runCli } from './index.ts';

process.exitCode = await runCli(process.argv.slice(2), process.env, (line) => console.log(line));
