// sbom.mjs LIBRARIES…: what the programs link (names of pkg-config) and what the
// page is built from, as a CycloneDX 1.5 document on stdout. `make sbom`
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

const said = (command, ...args) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
};

/** The Debian package that has the library's .pc file, and its version. */
function library(name) {
  const pc = `${said('pkg-config', '--variable=pcfiledir', name)}/${name}.pc`;
  const owner = said('dpkg-query', '-S', fs.existsSync(pc) ? fs.realpathSync(pc) : pc).split(':')[0];
  const version = owner && said('dpkg-query', '-W', '-f', '${Version}', owner);
  return { type: 'library', name, version: version || said('pkg-config', '--modversion', name),
    scope: 'required', ...(version ? { purl: `pkg:deb/debian/${owner}@${version}` } : {}) };
}

/** Of package-lock.json, all of it: what is only for tests as optional. */
function npm() {
  const wanted = ['preact', '@preact/signals', '@preact/signals-core', 'uplot'];
  const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
  return Object.entries(packages).filter(([at]) => at !== '').map(([at, p]) => {
    const name = at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return { type: 'library', name, version: p.version,
      scope: wanted.includes(name) ? 'required' : 'excluded',
      purl: `pkg:npm/${name.replace('@', '%40')}@${p.version}`,
      ...(p.license ? { licenses: [{ license: { id: p.license } }] } : {}) };
  });
}

const version = fs.readFileSync('lib/base/version.h', 'utf8').match(/"(\d[^"]*)"/)[1];
console.log(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1,
  metadata: { component: { type: 'application', name: 'mt5fleet', version } },
  components: [...process.argv.slice(2).map(library), ...npm()] }, null, 1));
