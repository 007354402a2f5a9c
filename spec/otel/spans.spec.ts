import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { fromPages } from '../../lib/from-pages.js';
import { instrument } from '../../lib/otel/index.js';
import { fail, hang, ignore, modelService } from '../listing/model-service.js';
import { idOf, inSpan, parentOf, telemetry } from './telemetry.js';

const TRAVERSAL = 'traversal ListPeople';

describe('the spans of a traversal', () => {
  it('a traversal is a span with its pages inside, and says how much it has read', async () => {
    const reported = telemetry();
    await modelService(7).listing().take(5).toArray();
    expect(reported.tree()).toEqual([
      `page ListPeople in ${TRAVERSAL}`,
      `page ListPeople in ${TRAVERSAL}`,
      `${TRAVERSAL} in undefined`,
    ]);
    expect(reported.named('page').map(({ attributes }) => attributes)).toEqual([
      { 'pageturn.operation': 'ListPeople', 'pageturn.items': 3 },
      { 'pageturn.operation': 'ListPeople', 'pageturn.items': 3 },
    ]);
    expect(reported.named('traversal')[0]?.attributes).toEqual({
      'pageturn.operation': 'ListPeople',
      'pageturn.end.reason': 'limit',
      'pageturn.pages': 2,
      'pageturn.items': 6,
      'pageturn.items.delivered': 5,
      'pageturn.restarts': 0,
    });
  });

  it('a traversal is a child of the span that is active around its loop', async () => {
    const reported = telemetry();
    await inSpan(reported, 'sync users', async () => {
      for await (const _ of modelService(4).listing());
    });
    expect(reported.tree()).toContain(`${TRAVERSAL} in sync users`);
  });

  it('each page belongs to its own traversal, although several run at once and fetch ahead', async () => {
    const reported = telemetry();
    const run = (name: string) =>
      inSpan(reported, name, async () => {
        for await (const _ of modelService(20).listing().prefetch(3));
      });
    await Promise.all(['first', 'second', 'third'].map(run));
    const traversals = reported.named('traversal');
    expect(reported.tree().filter((line) => line.startsWith('traversal'))).toEqual(
      expect.arrayContaining(['first', 'second', 'third'].map((name) => `${TRAVERSAL} in ${name}`)),
    );
    for (const traversal of traversals) {
      const pages = reported.named('page').filter((page) => parentOf(page) === idOf(traversal));
      expect(pages).toHaveLength(7);
      expect(new Set(pages.map((page) => page.spanContext().traceId))).toEqual(
        new Set([traversal.spanContext().traceId]),
      );
    }
  });

  it('a page belongs to its traversal even if another span is active when it is asked for', async () => {
    const reported = telemetry();
    const walk = modelService(4).listing().open();
    await inSpan(reported, 'begin', () => walk.next());
    await inSpan(reported, 'elsewhere', async () => {
      for await (const _ of walk);
    });
    expect(reported.tree().filter((line) => line.startsWith('page'))).toEqual(
      Array(2).fill(`page ListPeople in ${TRAVERSAL}`),
    );
    expect(reported.tree()).toContain(`${TRAVERSAL} in begin`);
  });

  it('spans nest without a context manager', async () => {
    const reported = telemetry({ contextManager: false });
    await fromPages(async () => ({ items: [1], next: undefined }), {
      query: { operation: 'ListRows' },
    }).toArray();
    expect(reported.tree()).toEqual([
      'attempt ListRows in page ListRows',
      'page ListRows in traversal ListRows',
      'traversal ListRows in undefined',
    ]);
  });

  it('a traversal within the mapper of another one is inside its span', async () => {
    const reported = telemetry();
    const outer = modelService(1).listing({ query: { operation: 'ListTeams', input: {} } });
    await outer.mapAsync(() => modelService(1).listing().toArray()).toArray();
    expect(reported.tree()).toContain(`${TRAVERSAL} in traversal ListTeams`);
  });
});

describe('the end of a span', () => {
  it('the spans of a failed traversal and its page have the kind of the error, and a second try is a new span', async () => {
    const reported = telemetry();
    const service = modelService(7);
    service.faults.set(1, fail('user jane.doe is gone'));
    const walk = service.listing().open();
    const read = async () => {
      for await (const _ of walk);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_REQUEST_FAILED' });
    await read();
    const [failed, retried] = reported.named('traversal');
    expect(failed).toMatchObject({
      attributes: { 'pageturn.end.reason': 'failed', 'error.type': 'ERR_REQUEST_FAILED' },
      status: { code: SpanStatusCode.ERROR },
    });
    expect(retried).toMatchObject({
      attributes: { 'pageturn.end.reason': 'exhausted' },
      status: { code: SpanStatusCode.UNSET },
    });
    expect(reported.named('page')[1]).toMatchObject({
      attributes: { 'error.type': 'Error' },
      status: { code: SpanStatusCode.ERROR, message: 'Error' },
    });
    const exported = reported
      .spans()
      .map(({ name, attributes, status, events }) => [name, attributes, status, events]);
    expect(JSON.stringify(exported)).not.toMatch(/jane|name-0/);
  });

  it('a break ends the spans of a traversal and of the page in progress, even if the fetch ignores its signal', async () => {
    const reported = telemetry();
    const service = modelService(7);
    service.faults.set(1, ignore);
    for await (const _ of service.listing().prefetch(1)) break;
    expect(reported.named('page').map(({ attributes }) => attributes)).toEqual([
      { 'pageturn.operation': 'ListPeople', 'pageturn.items': 3 },
      { 'pageturn.operation': 'ListPeople', 'pageturn.cancelled': true },
    ]);
    expect(reported.named('traversal')).toMatchObject([
      { attributes: { 'pageturn.end.reason': 'stopped' }, status: { code: SpanStatusCode.UNSET } },
    ]);
  });

  it.each([
    ['obeys', hang],
    ['ignores', ignore],
  ])(
    'an abort ends the spans of a traversal whose fetch %s its signal, without an error status',
    async (_, fault) => {
      const reported = telemetry();
      const service = modelService(7);
      service.faults.set(1, fault);
      const controller = new AbortController();
      const walk = service.listing().open({ signal: controller.signal });
      for (let i = 0; i < 3; i++) await walk.next();
      const pending = walk.next();
      controller.abort(new Error('enough'));
      await expect(pending).rejects.toThrow('enough');
      expect(reported.named('traversal')).toMatchObject([
        { attributes: { 'pageturn.end.reason': 'aborted' } },
      ]);
      expect(reported.named('page')).toHaveLength(2);
      expect(reported.spans().every(({ status }) => status.code === SpanStatusCode.UNSET)).toBe(true);
    },
  );

  it('an abort between two items ends the span of a traversal that is never asked again', async () => {
    const reported = telemetry();
    const controller = new AbortController();
    const walk = modelService(7).listing().open({ signal: controller.signal });
    await walk.next();
    expect(reported.named('traversal')).toEqual([]);
    controller.abort();
    expect(reported.named('traversal')).toMatchObject([{ attributes: { 'pageturn.end.reason': 'aborted' } }]);
  });

  it('the span of a traversal that nothing refers to any more ends', async () => {
    const reported = telemetry();
    await (async () => {
      await modelService(7).listing().open().next();
    })();
    const { collectGarbage } = await import('../support/collect-garbage.js');
    await collectGarbage(() => reported.named('traversal').length > 0);
    expect(reported.named('traversal')).toMatchObject([{ attributes: { 'pageturn.end.reason': 'dropped' } }]);
  });

  it('disable() ends the open spans, and nothing is reported after it', async () => {
    const reported = telemetry();
    const walk = modelService(7).listing().open();
    await walk.next();
    reported.disable();
    expect(reported.named('traversal')).toMatchObject([{ attributes: { 'pageturn.cancelled': true } }]);
    for await (const _ of walk);
    await modelService(7).listing().toArray();
    expect(reported.spans()).toHaveLength(2);
    expect(await reported.points('pageturn.pages')).toMatchObject([{ value: 1 }]);
  });
});

it('instrument refuses what is not a provider, by name', () => {
  expect(() => instrument({ tracerProvider: {} as never })).toThrow(
    /tracerProvider must be a TracerProvider/,
  );
  expect(() => instrument({ meterProvider: {} as never })).toThrow(/meterProvider must be a MeterProvider/);
  expect(() => instrument({ tracer: {} } as never)).toThrow(/tracer/);
});
