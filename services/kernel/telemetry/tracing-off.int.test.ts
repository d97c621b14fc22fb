import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Loads what a process of the mall loads, sets tracing up as told, and tells which modules that took. */
function loadedWith(settings: string): readonly string[] {
  const code = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    await import('${new URL('../../mall.ts', import.meta.url)}');
    const { startTracing, Metrics } = await import('${new URL('index.ts', import.meta.url)}');
    await startTracing(${settings}, { logger: { debug() {} }, metrics: new Metrics() });
    console.log(JSON.stringify(loaded));
    process.exit();`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const urls: unknown = JSON.parse(stdout);
  assert.ok(Array.isArray(urls));
  return urls.map(String).filter((url) => /@opentelemetry\/(?!api\/)/.test(url));
}

test('tracing that is off loads nothing of the SDK, tracing that is on does', () => {
  assert.deepEqual(loadedWith('undefined'), []);
  const on = loadedWith(
    `{ sampling: { share: 1 }, namespace: 'test', export: { endpoint: 'http://127.0.0.1:1' } }`,
  );
  assert.ok(on.some((url) => url.includes('/sdk-trace/')));
});
