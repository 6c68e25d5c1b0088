/** Copies to dist what tsc leaves behind and the code reads at run time, templates and .proto files, and makes the command executable. */
import { chmodSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const isAsset = (path) => /\.(hbs|proto)$/.test(path) || /[\\/]templates[\\/].*\./.test(path) || /[\\/]gitignore$/.test(path);

for (const folder of ['compiler', 'runtime', 'targets', 'cli']) {
  for (const path of readdirSync(folder, { recursive: true })) {
    if (isAsset(join(folder, path))) cpSync(join(folder, path), join('dist', folder, path));
  }
}
chmodSync('dist/cli/main.js', 0o755);
