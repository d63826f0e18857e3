// machine.mjs: a Debian that systemd-nspawn boots on a tmpfs, in namespaces
// that installed.sh has made. ../shared/design/boot-facts.md has the traps.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until check() is truthy, and returns that. */
export async function until(what, check, ms = 120000) {
  const deadline = Date.now() + ms;
  let last = '';
  for (;;) {
    try {
      const value = await check();
      if (value) return value;
    } catch (error) {
      last = `: ${error.message}`;
    }
    if (Date.now() > deadline) throw new Error(`waited for ${what}${last}`);
    await sleep(100);
  }
}

function host(...command) {
  const r = spawnSync(command[0], command.slice(1), { encoding: 'utf8' });
  if (r.status !== 0)
    throw new Error(`${command.join(' ')}: ${r.stdout}${r.stderr}`);
  return r.stdout;
}

export class Machine {
  constructor(root) {
    this.root = root;
  }

  /** The tree, and a network that nothing leaves. */
  static create(dir, base, addresses) {
    const machine = new Machine(path.join(dir, 'root'));
    host('mount', '-t', 'tmpfs', 'machine', dir);
    fs.mkdirSync(machine.root);
    host('tar', '-xf', base, '-C', machine.root);
    if (!fs.existsSync('/sys/fs/cgroup/cgroup.controllers'))
      host('mount', '-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup');
    host('ip', 'link', 'set', 'lo', 'up');
    for (const address of addresses)
      host('ip', 'address', 'add', address, 'dev', 'lo');
    return machine;
  }

  async boot() {
    this.group = `/sys/fs/cgroup/mt5fleet-test-${process.pid}-${Date.now()}`;
    fs.mkdirSync(this.group);
    const nspawn = ['--boot', '--quiet', '--register=no', '--keep-unit',
      '-D', this.root, '--console=pipe', '--resolv-conf=off',
      '--timezone=off', '--capability=CAP_NET_ADMIN',
      `--bind-ro=${process.cwd()}:/src`,
      `--bind-ro=${process.env.DEBS}:/debs`];
    if (process.cwd() !== path.dirname(process.env.BUILD))
      nspawn.push(`--bind-ro=${process.env.BUILD}:/build`);
    this.nspawn = spawn('sh', ['-c',
      `echo $$ >${this.group}/cgroup.procs && exec systemd-nspawn "$@"`, 'sh',
      ...nspawn], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.console = '';
    for (const s of [this.nspawn.stdout, this.nspawn.stderr])
      s.on('data', (d) => { this.console = (this.console + d).slice(-20000); });
    this.ended = new Promise((done) => this.nspawn.on('exit', done));
    await until('the boot', () => {
      if (this.nspawn.exitCode !== null)
        throw new Error(`nspawn ended: ${this.console}`);
      const children = fs.readFileSync(
        `/proc/${this.nspawn.pid}/task/${this.nspawn.pid}/children`, 'utf8');
      this.leader = children.trim().split(' ')[0];
      return this.leader && /^(running|degraded)/.test(
        this.try('systemctl is-system-running --wait').output);
    });
  }

  /** A shell command inside: {code, output}. */
  try(command, input = '') {
    const r = spawnSync('nsenter', ['-t', this.leader, '-m', '-u', '-i', '-p',
      '-C', 'env', '-i', 'HOME=/root', 'DEBIAN_FRONTEND=noninteractive',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'sh', '-c', command], { encoding: 'utf8', input, cwd: '/', timeout: 240000 });
    return { code: r.status, output: r.stdout + r.stderr };
  }

  /** The same; it must succeed. The output. */
  run(command, input = '') {
    const r = this.try(command, input);
    if (r.code !== 0) throw new Error(`${command}: ${r.code}: ${r.output}`);
    return r.output;
  }

  read(file) { return fs.readFileSync(path.join(this.root, file), 'utf8'); }
  write(file, text) { fs.writeFileSync(path.join(this.root, file), text); }

  async reboot() {
    this.try('systemctl reboot');
    const code = await this.ended;
    if (code !== 133) throw new Error(`reboot: ${code}: ${this.console}`);
    this.forget();
    await this.boot();
  }

  forget() {
    try {
      fs.writeFileSync(`${this.group}/cgroup.kill`, '1');
    } catch { /* no such file in an old kernel */ }
  }
}
