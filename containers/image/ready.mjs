/** The image's health check: whether the process in this container can do its work now. */
const port = process.env.MALL_PORT || '8080';
const answer = await fetch(`http://127.0.0.1:${port}/readiness`, { signal: AbortSignal.timeout(2_500) });
process.exit(answer.ok ? 0 : 1);
