// reporter.mjs: node's test events as flat lines, the leaves only.
export default async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const error = data.details?.error;
    const isSuite = data.details?.type === 'suite' ||
      error?.failureType === 'subtestsFailed' ||
      (data.nesting === 0 && data.name.endsWith('.mjs') && !error);
    if (isSuite) continue;
    const skip = data.skip ? ` # SKIP ${data.skip === true ? '' : data.skip}` : '';
    yield `${type === 'test:pass' ? 'ok' : 'not ok'} ${data.name}${skip}\n`;
    if (error) yield `  ${(error.cause?.stack ?? error.cause ?? error.stack ?? error)}\n`;
  }
}
