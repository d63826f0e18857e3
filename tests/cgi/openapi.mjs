// openapi.mjs: is a route in docs/openapi.yaml, and does an answer fit it?
//   openapi.mjs covers METHOD PATH
//   openapi.mjs fits METHOD PATH STATUS FILE
// Reads the YAML that docs/openapi.yaml is written in, not all of YAML.
import fs from 'node:fs';

/** {a: b, c: [d, "e"]} from text at i: [value, where it ends]. */
function flow(text, i) {
  const skip = () => { while (/\s/.test(text[i] ?? '')) i++; };
  skip();
  if (text[i] === '{' || text[i] === '[') {
    const close = text[i] === '{' ? '}' : ']';
    const out = close === '}' ? {} : [];
    for (i++, skip(); text[i] !== close; skip()) {
      let item;
      [item, i] = flow(text, i);
      skip();
      if (close === ']') out.push(item);
      else {
        if (text[i] !== ':') throw new Error(`no ":" at ${text.slice(i, i + 40)}`);
        [out[item], i] = flow(text, i + 1);
        skip();
      }
      if (text[i] === ',') i++;
      else if (text[i] !== close) throw new Error(`what is ${text.slice(i, i + 40)}?`);
    }
    return [out, i + 1];
  }
  const quoted = /^(?:"([^"]*)"|'([^']*)')/.exec(text.slice(i));
  if (quoted) return [quoted[1] ?? quoted[2], i + quoted[0].length];
  const plain = /^[^,{}\[\]:]+(:(?! )[^,{}\[\]:]*)*/.exec(text.slice(i))[0];
  return [scalar(plain.trim()), i + plain.length];
}

function scalar(text) {
  return { true: true, false: false, null: null }[text] ?? text;
}

/** Lines of nested "key: value" and "- item", by their indent. */
function block(lines) {
  const indent = lines[0].search(/\S/);
  const list = lines[0].trim().startsWith('- ');
  const out = list ? [] : {};
  for (let at = 0; at < lines.length;) {
    let end = at + 1;
    while (end < lines.length && lines[end].search(/\S/) > indent) end++;
    const [head, ...rest] = lines.slice(at, end);
    const m = list ? [0, null, head.trim().slice(2)] :
      /^("[^"]*"|[^\s:]+(?::[^\s:]+)*):(?: (.*))?$/.exec(head.trim()) ?? [];
    if (m[1] === undefined) throw new Error(`cannot read: ${head}`);
    const inline = [m[2] ?? '', ...rest].join(' ');
    const value = !m[2] && rest.length ? block(rest) :
      /^>-/.test(m[2]) ? rest.join(' ') :
        /^[{["']/.test(m[2] ?? '') ? flow(inline, 0)[0] : scalar(m[2]);
    if (list) out.push(value);
    else out[m[1].replaceAll('"', '')] = value;
    at = end;
  }
  return out;
}

const doc = block(fs.readFileSync('docs/openapi.yaml', 'utf8').split('\n')
  .filter((line) => line.trim() && !line.trim().startsWith('#')));

const deref = (s) => s?.$ref ?
  s.$ref.slice(2).split('/').reduce((at, key) => at[key], doc) : s;

function type_of(v) {
  return v === null ? 'null' : Array.isArray(v) ? 'array' : typeof v;
}

/** What of the value does not fit, each with its place. */
function misfits(value, given, at = '$') {
  const s = deref(given);
  if (!s) return [`${at}: no such schema`];
  if (value === null) return s.nullable ? [] : [`${at}: null`];
  if (s.allOf) return s.allOf.flatMap((part) => misfits(value, part, at));
  const type = type_of(value);
  const want = s.type === 'integer' ? 'number' : s.type;
  if (want && type !== want) return [`${at}: ${type}, not ${s.type}`];
  if (s.type === 'integer' && !Number.isInteger(value)) return [`${at}: ${value}`];
  if (s.enum && !s.enum.includes(value)) return [`${at}: "${value}"`];
  if (s.pattern && !new RegExp(s.pattern).test(value)) return [`${at}: "${value}"`];
  if (s.format === 'date-time' && !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value))
    return [`${at}: "${value}"`];
  if (type === 'array')
    return value.flatMap((item, i) => misfits(item, s.items ?? {}, `${at}[${i}]`));
  if (type !== 'object') return [];
  const missing = (s.required ?? []).filter((name) => !(name in value))
    .map((name) => `${at}: no ${name}`);
  const known = s.properties ?? {};
  return missing.concat(Object.entries(value).flatMap(([name, v]) =>
    known[name] ? misfits(v, known[name], `${at}.${name}`) :
      s.additionalProperties === false ? [`${at}: ${name} is not in it`] : []));
}

const [what, method, path, status, file] = process.argv.slice(2);
const op = doc.paths[path]?.[method.toLowerCase()];
if (!op) {
  console.log(`${method} ${path} is not in docs/openapi.yaml`);
  process.exit(1);
}
if (what === 'fits') {
  const content = deref(op.responses[status])?.content;
  const schema = content?.['application/json']?.schema;
  const wrong = !schema ? [`no JSON for ${status}`] :
    misfits(JSON.parse(fs.readFileSync(file, 'utf8')), schema);
  if (wrong.length) console.log(`${method} ${path} ${status}: ${wrong.slice(0, 5).join('; ')}`);
  process.exit(wrong.length ? 1 : 0);
}
