import { describe, expect, it } from 'vitest';
import { makeInProcessSend, type InProcessService } from '#services/in-process-send.ts';
import type { HttpRequest } from '#services/send.ts';

const never = new AbortController().signal;
const REQUEST: HttpRequest = {
  method: 'GET',
  scheme: 'http',
  host: 'localhost',
  target: '/b/k',
  headers: { date: 'x' },
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

type Answer = Awaited<ReturnType<InProcessService['handle']>>;
const serviceOf = (answer: Partial<Answer>): InProcessService => ({
  handle: async () => ({ status: 200, headers: {}, body: bytes('whole body'), ...answer }),
});

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of body) text += new TextDecoder().decode(piece);
  return text;
}

describe('the sender to a service in this process', () => {
  it('hands over the request as it is and the answer as it comes', async () => {
    const seen: unknown[] = [];
    const send = makeInProcessSend({
      handle: async (request) => {
        seen.push(request);
        return { status: 404, headers: { 'x-oss-request-id': 'R' }, body: bytes('no') };
      },
    });
    const { status, headers, body } = await send(REQUEST, never);
    expect(seen).toEqual([{ method: 'GET', host: 'localhost', target: '/b/k', headers: { date: 'x' } }]);
    expect([status, headers, await textOf(body)]).toEqual([404, { 'x-oss-request-id': 'R' }, 'no']);
  });

  it('streams a body that comes in pieces', async () => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield bytes('one ');
      yield bytes('two');
    }
    const { body } = await makeInProcessSend(serviceOf({ body: pieces() }))(REQUEST, never);
    expect(await textOf(body)).toBe('one two');
  });

  it('has no body for HEAD', async () => {
    const { body } = await makeInProcessSend(serviceOf({}))({ ...REQUEST, method: 'HEAD' }, never);
    expect(await textOf(body)).toBe('');
  });

  it('breaks where the service says so, as a socket would', async () => {
    await expect(makeInProcessSend(serviceOf({ cutAfterBytes: -1 }))(REQUEST, never)).rejects.toMatchObject({
      reason: 'reset',
      sent: 'maybe',
    });
    const headOnly = await makeInProcessSend(serviceOf({ cutAfterBytes: 0 }))(REQUEST, never);
    await expect(textOf(headOnly.body)).rejects.toMatchObject({ reason: 'reset' });
    const { body } = await makeInProcessSend(serviceOf({ cutAfterBytes: 5 }))(REQUEST, never);
    const got: string[] = [];
    await expect(
      (async () => {
        for await (const piece of body) got.push(new TextDecoder().decode(piece));
      })(),
    ).rejects.toMatchObject({ reason: 'reset' });
    expect(got.join('')).toBe('whole');
  });

  it('lets go when it is aborted, before, during and after', async () => {
    const stop = new AbortController();
    const send = makeInProcessSend({ handle: () => new Promise(() => undefined) });
    const waiting = send(REQUEST, stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ sent: 'maybe' });
    await expect(send(REQUEST, stop.signal)).rejects.toMatchObject({ sent: 'no' });

    const later = new AbortController();
    const { body } = await makeInProcessSend(serviceOf({}))(REQUEST, later.signal);
    later.abort();
    await expect(textOf(body)).rejects.toMatchObject({ sent: 'maybe' });
  });
});
