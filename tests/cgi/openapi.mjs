// openapi.mjs: is a route in docs/openapi.yaml, and does an answer fit it?
//   openapi.mjs covers                   METHOD PATH a line on stdin
//   openapi.mjs closed                   every object says what it may hold
//   openapi.mjs lint                     Redocly's recommended rules
//   openapi.mjs fits                     METHOD PATH STATUS FILE TEST a line, by tabs
//   openapi.mjs is SCHEMA FILE           FILE: one JSON text a line
import fs from 'node:fs';
import { compile, deref, doc, misfits } from './contract.mjs';

function operation(method, path) {
  const op = doc.paths[path]?.[method.toLowerCase()];
  return op ?? fail([`${method} ${path} is not in docs/openapi.yaml`]);
}

function fail(wrong) {
  console.log(wrong.slice(0, 5).join('; '));
  process.exit(1);
}

/** Objects of a schema that name members and let any other in. */
function* open(schema, at) {
  if (Array.isArray(schema) || schema === null || typeof schema !== 'object') return;
  if (schema.properties && schema.additionalProperties === undefined &&
    schema.unevaluatedProperties === undefined) yield at;
  for (const [name, part] of Object.entries(schema.properties ?? {}))
    yield* open(part, `${at}.${name}`);
  for (const part of schema.oneOf ?? []) yield* open(part, at);
  if (schema.items) yield* open(schema.items, `${at}[]`);
}

const commands = {
  covers() {
    const lines = fs.readFileSync(0, 'utf8').trim().split('\n');
    for (const line of lines) operation(...line.split(' '));
    // and what it says of each can be tried
    for (const [path, methods] of Object.entries(doc.paths))
      for (const [method, op] of Object.entries(methods))
        for (const [status, answer] of Object.entries(op.responses)) {
          const content = deref(answer).content?.['application/json'];
          if (!content) continue;
          try {
            compile(content.schema);
          } catch (error) {
            fail([`${method} ${path} ${status}: ${error.message}`]);
          }
        }
  },
  closed() {
    const { schemas } = doc.components;
    // parts of others, which are closed as a whole
    const wrong = Object.entries(schemas).filter(([name]) => !name.endsWith('Members'))
      .flatMap(([name, s]) => [...open(s, name)]);
    if (wrong.length) fail(wrong.map((at) => `${at} may hold anything`));
  },
  async lint() {
    const { createConfig, lint } = await import('@redocly/openapi-core');
    const config = await createConfig({ extends: ['recommended'],
      rules: { 'operation-operationId': 'error' } });
    const found = await lint({ ref: 'docs/openapi.yaml', config });
    const wrong = found.filter((p) => p.severity === 'error').map((p) =>
      `${p.ruleId}: ${p.message} ${p.location[0].pointer}`);
    if (wrong.length) fail(wrong);
  },
  fits() {
    const asked = fs.readFileSync(0, 'utf8').trim().split('\n');
    const wrong = asked.flatMap((line) => {
      const [method, path, status, file, test] = line.split('\t');
      const answer = deref(operation(method, path).responses[status]);
      const content = answer?.content?.['application/json'];
      const found = !content ? [`no JSON for ${status}`] :
        misfits(content.schema, JSON.parse(fs.readFileSync(file, 'utf8')));
      return found.length ? [[`${test}: ${method} ${path} ${status}`,
        ...found.slice(0, 5)].join('; ')] : [];
    });
    if (wrong.length) fail(wrong);
    console.log(`${asked.length} fit`);
  },
  is(name, file) {
    for (const line of fs.readFileSync(file, 'utf8').trim().split('\n')) {
      const wrong = misfits({ $ref: `#/components/schemas/${name}` }, JSON.parse(line));
      if (wrong.length) fail([name, ...wrong, line.slice(0, 300)]);
    }
  },
};

const [command, ...args] = process.argv.slice(2);
await commands[command](...args);
