// contract.mjs: docs/openapi.yaml, and what of an answer does not fit it.
import fs from 'node:fs';
import addFormats from 'ajv-formats';
import Ajv from 'ajv/dist/2020.js';
import yaml from 'js-yaml';

export const doc = yaml.load(fs.readFileSync('docs/openapi.yaml', 'utf8'));
const ajv = addFormats(new Ajv({ strict: true, strictRequired: false,
  strictTypes: false, allErrors: true }));
// each schema stands by itself, under its name
const absolute = (v) => JSON.parse(
  JSON.stringify(v).replaceAll('"$ref":"#/components/schemas/', '"$ref":"'));
for (const [name, schema] of Object.entries(doc.components.schemas))
  ajv.addSchema(absolute(schema), name);

export const compile = (schema) => ajv.compile(absolute(schema));

export function deref(v) {
  return !v?.$ref ? v : deref(v.$ref.slice(2).split('/')
    .reduce((at, key) => at[key.replaceAll('~1', '/')], doc));
}

/** What of the value does not fit, each with its place. */
export function misfits(schema, value) {
  const check = compile(schema);
  return check(value) ? [] : check.errors.map((e) =>
    `${e.instancePath || '$'} ${e.message}${e.params.additionalProperty ??
      e.params.unevaluatedProperty ? `: ${e.params.additionalProperty ??
      e.params.unevaluatedProperty}` : ''}`);
}

/** The same of a whole answer: its status, its type, and the JSON in it. */
export function answerMisfits(method, path, status, type, text) {
  const response = deref(doc.paths[path]?.[method.toLowerCase()]?.responses[status]);
  if (!response) return [`${status} is not in the contract: ${text.slice(0, 200)}`];
  const [wanted] = Object.keys(response.content ?? {});
  if (!wanted) return [];
  if (type?.split(';')[0] !== wanted) return [`${type}, not ${wanted}`];
  return wanted !== 'application/json' ? [] :
    misfits(response.content[wanted].schema, JSON.parse(text));
}
