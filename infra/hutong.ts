#!/usr/bin/env node
/** The command `hutong` as it is installed: its built form, in this process. It must never do anything of its own. */

import { enableCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { programs } from './build/programs.ts';

const { fileOf, compiled } = await programs();
enableCompileCache(compiled);
await import(pathToFileURL(fileOf('hutong')).href);
