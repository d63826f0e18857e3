// standin.mjs: Google's token endpoint and Sheets v4 over HTTPS, for tests:
// signatures and quotas are checked, cells are kept, and faults come when
// they are asked for. Keys and certificates are made for each run.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { ApiError, Spreadsheet } from './grid.mjs';
import { checkGrant } from './jwt.mjs';

const BODY_MAX = 2 * 1024 * 1024;
const QUOTA = 60; // a minute and user, reads and writes each

function makeCertificate(dir) {
  const key = path.join(dir, 'tls.key'), cert = path.join(dir, 'tls.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
    '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=stand-in',
    '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
  return { key: fs.readFileSync(key), cert: fs.readFileSync(cert), file: cert };
}

export class StandIn {
  /** Options: minuteMs, what a minute of the quotas is. */
  static async start(t, dir, { minuteMs = 60000 } = {}) {
    const s = new StandIn();
    s.dir = dir;
    s.minuteMs = minuteMs;
    s.spreadsheet = new Spreadsheet(`1Stand${crypto.randomBytes(18).toString('base64url')}In`);
    const tls = makeCertificate(dir);
    s.ca = tls.file;
    s.server = https.createServer(tls, (req, res) => s.#answer(req, res));
    s.server.listen(0, '127.0.0.1');
    await once(s.server, 'listening');
    s.base = `https://127.0.0.1:${s.server.address().port}`;
    s.tokenUri = `${s.base}/token`;
    s.newAccount();
    t?.after(() => s.stop());
    return s;
  }

  constructor() {
    this.tokens = new Map(); // token to the moment it ends
    this.requests = [];      // {kind, method, path, bytes, at, status}
    this.faults = [];        // {at: requests from now, kind}
    this.shared = true;      // with the service account
    this.enabled = true;     // the API, in its project
    this.sent = { read: [], write: [] };
    this.onWrite = null;     // called after each applied write
    this.secrets = [];       // every token and claim that was ever seen
  }

  /** Another service account (or key): the file that the job reads. */
  newAccount() {
    const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    this.account = {
      email: 'fleet@stand-in.iam.gserviceaccount.com',
      keyId: crypto.randomBytes(20).toString('hex'), publicKey, pem,
    };
    this.keyFile = path.join(this.dir, 'service-account.json');
    fs.writeFileSync(this.keyFile, JSON.stringify({
      type: 'service_account', project_id: 'stand-in', private_key_id: this.account.keyId,
      private_key: pem, client_email: this.account.email, client_id: '1',
      auth_uri: `${this.base}/auth`, token_uri: this.tokenUri,
    }, null, 2), { mode: 0o600 });
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }

  count(kind) {
    return this.requests.filter((r) => r.kind === kind).length;
  }

  forget() {
    this.requests = [];
  }

  /** The at-th request from now on (0: the next) fails in that way. */
  inject(kind, at = 0) {
    this.faults.push({ kind, at });
  }

  /** 401 is the API's: it waits where the token endpoint is asked. */
  #fault(asked) {
    for (const f of this.faults) f.at--;
    const i = this.faults.findIndex((f) => f.at < 0 && !(f.kind === '401' && asked === 'token'));
    return i === -1 ? null : this.faults.splice(i, 1)[0].kind;
  }

  async #answer(req, res) {
    const url = new URL(req.url, this.base);
    const kind = url.pathname === '/token' ? 'token' : req.method === 'GET' ? 'read' : 'write';
    const fault = this.#fault(kind);
    const entry = { kind, method: req.method, path: url.pathname, at: Date.now(), fault, bytes: 0 };
    this.requests.push(entry);
    if (fault === 'cut') { // in the midst of the question
      req.once('data', () => req.socket.destroy());
      if (req.method === 'GET') req.socket.destroy();
      return;
    }
    const parts = [];
    try {
      for await (const part of req) {
        entry.bytes += part.length;
        if (entry.bytes <= BODY_MAX + 1) parts.push(part);
      }
    } catch {
      return; // the other side went away
    }
    const answer = this.#work(kind, url, req, Buffer.concat(parts).toString('utf8'), entry, fault);
    entry.status = answer.status;
    this.#send(res, answer, fault);
  }

  #work(kind, url, req, body, entry, fault) {
    const made = { '429': quotaError(kind), '500': error(500, 'INTERNAL', 'Internal error encountered.'),
      '503': error(503, 'UNAVAILABLE', 'The service is currently unavailable.'),
      '401': error(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.') }[fault];
    if (made) return made;
    try {
      if (kind === 'token') return this.#token(body);
      const value = this.#api(kind, url, req, body, entry);
      return { status: 200, body: value };
    } catch (e) {
      if (!(e instanceof ApiError)) throw e;
      return error(e.code, e.status, e.message, e.details);
    }
  }

  #send(res, { status, body }, fault) {
    const text = JSON.stringify(body);
    if (fault === 'lost') { res.socket.destroy(); return; } // applied, never said
    if (fault === 'lost500') {
      const other = JSON.stringify(error(500, 'INTERNAL', 'Internal error encountered.').body);
      res.writeHead(500, { 'Content-Type': 'application/json' }).end(other);
      return;
    }
    res.writeHead(status, { 'Content-Type': 'application/json; charset=UTF-8',
      'Content-Length': Buffer.byteLength(text) });
    if (fault === 'half') {
      res.write(text.slice(0, text.length / 2), () => res.socket?.destroy());
    } else if (fault === 'drip') {
      let at = 0;
      const timer = setInterval(() => {
        if (res.destroyed || at >= text.length) { clearInterval(timer); res.end(); return; }
        res.write(text[at++]);
      }, 50);
    } else {
      res.end(text);
    }
  }

  #token(form) {
    this.secrets.push(new URLSearchParams(form).get('assertion'));
    const verdict = checkGrant(form, this.account, this.tokenUri);
    if (!verdict.ok) return verdict;
    const token = `ya29.c.${crypto.randomBytes(96).toString('base64url')}`;
    this.tokens.set(token, Date.now() + 3599_000);
    this.secrets.push(token);
    return { status: 200, body: { access_token: token, expires_in: 3599, token_type: 'Bearer' } };
  }

  #authorize(req) {
    const token = req.headers.authorization?.match(/^Bearer (\S+)$/)?.[1];
    if (!(this.tokens.get(token) > Date.now()))
      throw new ApiError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.');
    if (!this.enabled)
      throw new ApiError(403, 'PERMISSION_DENIED', 'Google Sheets API has not been used in project 1 before or it is disabled.');
  }

  #quota(kind) {
    const now = Date.now();
    this.sent[kind] = this.sent[kind].filter((at) => at > now - this.minuteMs);
    if (this.sent[kind].length >= QUOTA) {
      const e = quotaError(kind).body.error;
      throw new ApiError(429, e.status, e.message, e.details);
    }
    this.sent[kind].push(now);
  }

  #api(kind, url, req, body, entry) {
    this.#authorize(req);
    this.#quota(kind);
    const m = url.pathname.match(/^\/v4\/spreadsheets\/([^/:]+)(.*)$/);
    if (m?.[1] !== this.spreadsheet.id)
      throw new ApiError(404, 'NOT_FOUND', 'Requested entity was not found.');
    if (!this.shared)
      throw new ApiError(403, 'PERMISSION_DENIED', 'The caller does not have permission');
    if (entry.bytes > BODY_MAX)
      throw new ApiError(400, 'INVALID_ARGUMENT', `Request payload size exceeds the limit: ${BODY_MAX} bytes.`);
    const route = `${req.method} ${m[2]}`;
    if (route === 'GET ') return this.#properties();
    if (route === 'GET /values:batchGet') return this.#batchGet(url.searchParams);
    const asked = parse(body);
    const apply = { 'POST /values:batchUpdate': 'write', 'POST :batchUpdate': 'update' }[route];
    if (!apply) throw new ApiError(404, 'NOT_FOUND', `no ${route}`);
    const value = this.spreadsheet[apply](asked);
    this.onWrite?.(this.spreadsheet, asked);
    return value;
  }

  #properties() {
    return { sheets: this.spreadsheet.sheets.map((s) => ({ properties: {
      ...(s.sheetId ? { sheetId: s.sheetId } : {}), title: s.title,
      gridProperties: { rowCount: s.rowCount, columnCount: s.columnCount } } })) };
  }

  #batchGet(query) {
    return { valueRanges: query.getAll('ranges').map((r) =>
      this.spreadsheet.read(r, query.get('majorDimension') ?? 'ROWS')) };
  }
}

function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.');
  }
}

function error(code, status, message, details) {
  return { status: code, body: { error: { code, message, status, ...(details ? { details } : {}) } } };
}

function quotaError(kind) {
  const name = kind === 'read' ? 'Read' : 'Write';
  return error(429, 'RESOURCE_EXHAUSTED', `Quota exceeded for quota metric '${name} requests' and limit `
    + `'${name} requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:1'.`,
  [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED',
    domain: 'googleapis.com', metadata: { quota_limit: `${name}RequestsPerMinutePerUser` } }]);
}
