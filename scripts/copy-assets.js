/** Copies to dist what the code reads at run time, the files of a new project and .proto files, and makes the command executable. */
import { chmodSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const isAsset = (path) =>
  path.endsWith('.proto') || (/[\\/]templates[\\/].*\./.test(path) && !path.endsWith('.hbs')) || /[\\/]gitignore$/.test(path);

for (const folder of ['compiler', 'runtime', 'targets', 'cli']) {
  for (const path of readdirSync(folder, { recursive: true })) {
    if (isAsset(join(folder, path))) cpSync(join(folder, path), join('dist', folder, path));
  }
}
chmodSync('dist/cli/main.js', 0o755);
