'use strict';
/*
 * Stands in for Electron's own default_app, which the fallback runtime's package does not carry. It does what Electron
 * does for `electron [-r module]… [switches]… <folder | script> [arguments]`, so that Playwright and electron-builder
 * meet what they know.
 */
const { app } = require('electron');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

function readCommandLine(args) {
  const preloads = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '-r' || arg === '--require') preloads.push(args[++i]);
    else if (arg === '-v' || arg === '--version') return { version: true };
    else if (!arg.startsWith('-')) return { preloads, target: arg };
  }
  return { preloads, target: null };
}

function stop(message) {
  console.error(message);
  process.exit(1);
}

const { preloads, target, version } = readCommandLine(process.argv.slice(1));
if (version) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
}
// Playwright's own loader comes in this way; the official default_app makes the same call.
if (preloads.length) Module._preloadModules(preloads);
if (!target) stop('Give an app folder, for example: electron .');

Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
const packagePath = path.resolve(target);
const manifest = path.join(packagePath, 'package.json');
if (fs.existsSync(manifest)) {
  const meta = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  if (meta.version) app.setVersion(meta.version);
  app.name = meta.productName || meta.name || app.name;
  app.setDesktopName(meta.desktopName || `${app.name}.desktop`);
}
let script;
try {
  script = Module._resolveFilename(packagePath, null, true);
} catch (error) {
  stop(`There is no Electron app at ${packagePath}\n\n${error.message}`);
}
app.setAppPath(fs.existsSync(manifest) ? packagePath : path.dirname(script));
Module._load(script, null, true);
