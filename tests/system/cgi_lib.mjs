// cgi_lib.mjs: the web programs asked as plain CGI, without a web server.
import { spawnSync } from 'node:child_process';
import { bin, run } from './lib.mjs';

/** GET of one of the .fcgi programs: {status, json, text}. */
export async function cgi(t, program, url, env = {}) {
  const [uri, query = ''] = url.split('?');
  const { stdout: output, code } = await run(t, bin(program), [], { env: {
    GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET', SCRIPT_NAME: '',
    SERVER_PROTOCOL: 'HTTP/1.1', PATH_INFO: uri, REQUEST_URI: url, DOCUMENT_URI: uri,
    QUERY_STRING: query, SERVER_NAME: 'localhost', HTTP_HOST: 'localhost',
    REMOTE_ADDR: '127.0.0.1', ...env } });
  const end = output.indexOf('\r\n\r\n');
  const head = output.slice(0, end), text = output.slice(end + 4);
  let json = null;
  try { json = JSON.parse(text); } catch { /* a page */ }
  return { status: Number(/^Status: (\d+)/m.exec(head)?.[1] ?? 200), json, text, code, head };
}

/** POST of JSON with a program's token: {status, json}. */
export function cgiPostJson(program, url, body, token, env = {}) {
  const input = JSON.stringify(body);
  const { status, text } = cgiPost(program, url, {}, { ...env, input,
    CONTENT_TYPE: 'application/json', HTTP_AUTHORIZATION: `Bearer ${token}` });
  const at = text.indexOf('\r\n\r\n');
  return { status, json: JSON.parse(text.slice(at + 4)) };
}

/** POST of a form, its answer whole. */
export function cgiPost(program, url, form, { input, ...env } = {}) {
  const body = input ?? new URLSearchParams(form).toString();
  const { stdout } = spawnSync(bin(program), [], { input: body, encoding: 'utf8', env: {
    ...process.env, GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'POST', SCRIPT_NAME: '',
    SERVER_PROTOCOL: 'HTTP/1.1', PATH_INFO: url, REQUEST_URI: url, DOCUMENT_URI: url,
    QUERY_STRING: '', SERVER_NAME: 'localhost', HTTP_HOST: 'localhost', REMOTE_ADDR: '127.0.0.1',
    CONTENT_TYPE: 'application/x-www-form-urlencoded', CONTENT_LENGTH: String(body.length), ...env } });
  return { status: Number(/^Status: (\d+)/m.exec(stdout)?.[1] ?? 200), text: stdout };
}
