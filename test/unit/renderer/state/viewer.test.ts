import { describe, expect, it } from 'vitest';
import { fail } from '#contract/errors.ts';
import { MAX_MOUNTED, slotOf } from '#renderer/logic/page-layout.ts';
import { ReadingMemory } from '#renderer/state/reading-memory.ts';
import { ViewerStore } from '#renderer/state/viewer.svelte.ts';
import { DOCUMENT, failed, HandClock, HandMain, open, settled } from './viewer-main.ts';

describe('buying', () => {
  it('buys page 1 at once, then two ahead, one page beyond what is known at a time', async () => {
    const { main } = open(37);
    expect(main.lists).toEqual([[1]]);
    await main.serve();
    expect(main.lists).toEqual([[1], [2], [3], []]);
    expect(main.bought).toEqual([1, 2, 3]);
  });

  it('finds the end by looking ahead, and then knows it', async () => {
    const { main, store } = open(2);
    expect(store.slots).toBe(1);
    await main.serve();
    expect(main.bought).toEqual([1, 2, 3]);
    expect([store.total, store.slots, store.view.layout.count]).toEqual([2, 2, 2]);
  });

  it('buys nothing in a fling until the view has been still for 150 ms, and nothing that was flown over', async () => {
    const { main, store, clock } = open(200, { startPage: 100 });
    await main.serve();
    const before = main.bought.length;
    for (let n = 0; n < 60; n += 1) {
      store.scrolled(store.view.scrollTop - 900, 0);
      clock.pass(16);
      await main.serve();
    }
    expect(main.bought.length).toBe(before);
    clock.pass(133);
    await main.serve();
    expect(main.bought.length).toBe(before);
    clock.pass(1);
    await main.serve();
    const { from, to } = store.view.visible;
    const news = main.bought.slice(before);
    expect(news.length).toBeGreaterThan(0);
    // In view, two on in the direction of the fling (up), one behind.
    for (const page of news) expect(page >= from - 2 && page <= to + 1).toBe(true);
    expect(new Set(main.bought).size).toBe(main.bought.length);
  });

  it('takes a short pause of a pointer that holds the view for no wish, a long one or letting go for one', async () => {
    const { main, store, clock } = open(2000, { startPage: 1000 });
    await main.serve();
    const before = main.bought.length;
    store.takeOff();
    for (const page of [300, 600]) {
      store.flyTo(page);
      clock.pass(400);
      await main.serve();
    }
    expect(main.bought).toHaveLength(before);
    clock.pass(200);
    await main.serve();
    expect(main.bought.slice(before)).toEqual([600, 601, 602, 599]);
    store.flyTo(900);
    store.land();
    await main.serve();
    expect(main.bought.slice(before + 4)).toEqual([900, 901, 902, 899]);
  });

  it('lets go of waiting pages that left the view while it moves', async () => {
    const { main, store } = open(50);
    await settled();
    expect(main.lists.at(-1)).toEqual([1]);
    store.goTo(40);
    expect(main.lists.at(-1)).toEqual([40]);
    store.scrolled(store.view.scrollTop - 5000, 0);
    await settled();
    expect(main.lists.at(-1)).toEqual([]);
  });

  it('leaps to a page and buys it and the look-ahead, never the pages between', async () => {
    const { main, store } = open(400);
    await main.serve();
    store.goTo(300);
    expect([store.view.current, store.slots]).toEqual([300, 300]);
    await main.serve();
    expect(main.bought).toEqual([1, 2, 3, 300, 301, 302, 299]);
    expect(store.pages.count.atLeast).toBe(302);
  });

  it('takes the reader back when the page asked for does not exist, and says so', async () => {
    const { main, store, clock } = open(37);
    await main.serve();
    store.scrolled(333, 0);
    clock.pass(150);
    await main.serve();
    const top = store.view.top;
    store.goTo(300);
    await main.serve();
    expect(store.pastEnd).toEqual({ asked: 300, lastPage: null });
    expect(store.view.top).toBe(top);
    expect(store.slots).toBe(store.lastKnown + 1);
    const bought = main.bought.length;
    store.goTo(310); // refused already: not asked again
    await main.serve();
    expect([store.pastEnd?.asked, main.bought.length]).toEqual([310, bought]);
  });

  it('stops at pages that repeat, and goes on one page for one yes', async () => {
    const main = new HandMain(2000);
    main.clampFrom = 3;
    const { store, clock } = open(2000, { main });
    await main.serve();
    expect(main.bought).toEqual([1, 2, 3]);
    expect([store.isRepeated(3), store.isDoubtful(4)]).toEqual([true, true]);
    store.turn(1);
    store.turn(1);
    store.turn(1);
    clock.pass(150);
    await main.serve();
    expect([store.view.current, main.bought.length]).toEqual([4, 3]);
    store.goOnPastRepeat(4);
    await main.serve();
    expect(main.bought).toEqual([1, 2, 3, 4]);
    expect(store.isDoubtful(5)).toBe(true);
  });

  it('does not ask again for what is here, nor after reopening in the same run', async () => {
    const first = open(5);
    await first.main.serve();
    first.store.goTo(2);
    await first.main.serve();
    const bought = [...first.main.bought];
    first.store.goTo(5);
    await first.main.serve();
    first.store.goTo(2);
    bought.splice(0, Infinity, ...first.main.bought);
    first.store.dispose();
    expect(first.main.lists.at(-1)).toEqual([]);
    const again = open(5, { main: first.main, memory: first.memory });
    await again.main.serve();
    expect(again.main.bought).toEqual(bought);
    expect(again.store.view.current).toBe(2);
    expect(again.store.thumbnailUrl(1)).toBe(`snapshot://page/${DOCUMENT.handle}/${DOCUMENT.version}/1.png`);
  });
});

describe('failures', () => {
  const offline = fail('net.offline', 'no route', { retryable: true }).error;

  it('is the document’s failure when page 1 fails and nothing is here, and comes back with retry', async () => {
    const { main, store } = open(3);
    await settled();
    main.tell(1, failed(1, offline));
    expect(store.failure?.code).toBe('net.offline');
    await settled();
    expect(main.lists.at(-1)).toEqual([]);
    await store.pages.retry(1);
    await main.serve();
    expect(store.failure).toBeNull();
    expect(main.bought).toContain(1);
  });

  it('is one page’s failure later on: the rest stays, and nothing is bought ahead of it', async () => {
    const { main, store } = open(9, { startPage: 1 });
    await main.serve();
    store.goTo(4);
    await settled();
    main.tell(4, failed(4, fail('snapshot.unclear', 'no whole answer', { charged: 'unclear' }).error));
    await main.serve();
    expect(store.failure).toBeNull();
    expect(store.pages.errorOf(4)?.charged).toBe('unclear');
    expect(main.lists.at(-1)).not.toContain(4);
    expect(main.bought).not.toContain(5);
    expect(store.slots).toBe(5); // the failed page can be passed by
    await store.pages.retry(4);
    await main.serve();
    expect(store.pages.readyPage(4)?.widthPx).toBe(1240);
  });

  it('shows that a document was closed', async () => {
    const { main, store } = open(3);
    await main.serve();
    main.refusal = fail('document.closed', 'closed');
    store.goTo(3);
    store.goTo(1);
    store.pages.reportUndrawn(1);
    await settled();
    expect(store.failure?.code).toBe('document.closed');
  });

  it('asks once more for a picture that cannot be drawn, then says so', async () => {
    const { main, store } = open(1);
    await main.serve();
    store.pages.reportUndrawn(1);
    await main.serve();
    expect(store.pages.readyPage(1)).not.toBeNull();
    store.pages.reportUndrawn(1);
    expect(store.pages.errorOf(1)?.code).toBe('snapshot.notAnImage');
    expect(main.bought).toEqual([1, 2]);
  });

  it('keeps a picture when an older word of main arrives late', async () => {
    const { main, store } = open(1);
    await main.serve();
    main.tell(1, { pageNumber: 1, target: 'png', status: 'queued' });
    expect(store.pages.state(1).status).toBe('ready');
  });
});

describe('waiting', () => {
  it('says more the longer it takes, and stops when it is told to', async () => {
    const { main, store, clock } = open(9);
    await settled();
    const stages: string[] = [];
    for (const ms of [0, 399, 1, 600, 2000, 7000]) {
      clock.pass(ms);
      stages.push(store.waiting(1)?.stage ?? 'none');
    }
    expect(stages).toEqual(['quiet', 'quiet', 'spinning', 'converting', 'explaining', 'choosing']);
    clock.pass(5000);
    expect(store.waiting(1)?.waitedMs).toBe(15_000);
    store.pages.stopWaiting(1);
    expect(store.waiting(1)).toBeNull();
    await settled();
    expect(main.lists.at(-1)).toEqual([]);
    store.pages.resume(1);
    await main.serve();
    expect(store.waiting(1)).toBeNull();
    expect(store.pages.readyPage(1)).not.toBeNull();
  });
});

describe('the view', () => {
  it('keeps the pictures in view where they are when a page above turns out to have other proportions', async () => {
    const { main, store, clock } = open(60);
    main.sizeOf = (page) => (page % 3 === 0 ? { widthPx: 1754, heightPx: 1240 } : { widthPx: 1240, heightPx: 1754 });
    await main.serve();
    store.goTo(31);
    await main.serve();
    expect(store.view.slot(31).top - store.view.scrollTop).toBeCloseTo(16, 6);
    store.goTo(28);
    store.scrolled(store.view.scrollTop - 300, 0); // page 27 comes into view, a landscape page nobody has seen yet
    const height = store.view.slot(27).height;
    const top = store.view.slot(28).top - store.view.scrollTop;
    clock.pass(150);
    await main.serve();
    expect(main.bought.indexOf(28)).toBeLessThan(main.bought.indexOf(27));
    expect(store.view.slot(27).height).toBeLessThan(height);
    expect(store.view.slot(28).top - store.view.scrollTop).toBeCloseTo(top, 6);
    // A page further up changes without a trace.
    store.goTo(35);
    await main.serve();
    const before = store.view.slot(35).top - store.view.scrollTop;
    main.tell(33, { pageNumber: 33, target: 'png', status: 'ready', widthPx: 1754, heightPx: 1240, sizeBytes: 1 });
    expect(store.view.slot(35).top - store.view.scrollTop).toBeCloseTo(before, 6);
  });

  it('fits a page that comes between two pictures into the room it has, until it is out of view', async () => {
    const { main, store, clock } = open(60);
    store.goTo(60);
    await main.serve();
    store.goTo(30);
    store.zoomTo({ kind: 'zoom', zoom: 0.15 });
    const { view } = store;
    expect(view.visible.to - view.visible.from).toBeGreaterThanOrEqual(2);
    const [first, between, last] = [view.visible.from, view.visible.from + 1, view.visible.from + 2];
    const ready = (pageNumber: number, widthPx: number, heightPx: number): void =>
      main.tell(pageNumber, { pageNumber, target: 'png', status: 'ready', widthPx, heightPx, sizeBytes: 1 });
    ready(first, 1240, 1754);
    ready(last, 1240, 1754);
    const before = [first, between, last].map((page) => view.slot(page));
    ready(between, 1754, 1240);
    expect([first, between, last].map((page) => view.slot(page))).toEqual(before);
    store.scrolled(view.slot(1).top, 0);
    clock.pass(150);
    const own = view.slot(between);
    expect(own.width).toBeGreaterThan(own.height);
  });

  it('does not move when the end becomes known while the slot after it is in view', async () => {
    const { main, store, clock } = open(3);
    await main.serve(3);
    expect(main.bought).toEqual([1, 2, 3]);
    store.goTo(3);
    store.scrolled(store.view.scrollTop + 700, 0);
    const top = store.view.top;
    expect(store.view.visible.to).toBe(4);
    clock.pass(150);
    await main.serve();
    expect([store.total, store.view.layout.count, store.view.top]).toEqual([3, 3, top]);
    store.scrolled(0, 0); // away from the end, what held it goes
    const layout = store.view.layout;
    expect(layout.totalHeight).toBeCloseTo(layout.tops[3]! + 56, 6);
  });

  it('shows the end when it becomes known while only the slot after it is in view', async () => {
    const { main, store, clock } = open(3);
    await main.serve(3);
    store.goTo(3);
    store.scrolled(store.view.slot(4).top + 100, 0);
    expect(store.view.visible).toEqual({ from: 4, to: 4 });
    clock.pass(150);
    await main.serve();
    const { layout, top, frame } = store.view;
    expect(store.total).toBe(3);
    expect(top + frame.height).toBeCloseTo(layout.tops[3]! + 56, 6);
  });

  it('keeps the point under the pointer within one pixel over 40 random zooms', async () => {
    const { seeded } = await import('../seeded.ts');
    const { main, store } = open(30, { startPage: 12 });
    main.sizeOf = (page) => ({ widthPx: 900 + page * 37, heightPx: 1900 - page * 23 });
    await main.serve();
    const random = seeded(2026);
    const { view } = store;
    store.zoomTo({ kind: 'zoom', zoom: 1.4 });
    let measured = 0;
    for (let n = 0; n < 40; n += 1) {
      const at = { x: Math.round(random() * 1000), y: Math.round(random() * 800) };
      const page = view.mounted.find((number) => {
        const slot = view.slot(number);
        const y = view.scrollTop + at.y;
        const x = view.left + at.x;
        return y >= slot.top && y <= slot.top + slot.height && x >= slot.left && x <= slot.left + slot.width;
      });
      const before = page === undefined ? null : share(view, page, at);
      store.zoomBy(random() * 6 - 3, at);
      // What a scroll box does: whole pixels, told back by an event.
      store.scrolled(Math.round(view.scrollTop), Math.round(view.left));
      if (!before || page === undefined) continue;
      measured += 1;
      const slot = view.slot(page);
      const drawnAt = {
        x: slot.left + before.x * slot.width - Math.round(view.left),
        y: slot.top + before.y * slot.height - Math.round(view.scrollTop),
      };
      const canScroll = view.layout.contentWidth > 1000;
      if (canScroll && view.left > 0 && view.left < view.layout.contentWidth - 1000) {
        expect(Math.abs(drawnAt.x - at.x)).toBeLessThanOrEqual(1);
      }
      expect(Math.abs(drawnAt.y - at.y)).toBeLessThanOrEqual(1);
    }
    expect(measured).toBeGreaterThan(20);
  });

  it('does not add up roundings over a pinch of a hundred small steps', async () => {
    const { main, store } = open(30, { startPage: 12 });
    await main.serve();
    const { view } = store;
    store.zoomTo({ kind: 'zoom', zoom: 1.3 });
    const at = { x: 411, y: 333 };
    const page = view.current;
    const before = share(view, page, at);
    for (let n = 0; n < 100; n += 1) {
      store.zoomBy(n % 3 === 0 ? -0.31 : 0.17, at);
      store.scrolled(view.scrollTop, view.left);
    }
    const slot = view.slot(page);
    expect(Math.abs(slot.top + before.y * slot.height - view.scrollTop - at.y)).toBeLessThanOrEqual(1);
    expect(Math.abs(slot.left + before.x * slot.width - view.left - at.x)).toBeLessThanOrEqual(1);
  });

  it('shows two pages side by side: both are bought, then two ahead; a turn is two pages', async () => {
    const { main, store, memory } = open(60);
    await main.serve();
    store.goTo(60);
    await main.serve();
    store.goTo(30);
    store.showColumns(2);
    store.goTo(31);
    const before = new Set(main.bought);
    await main.serve();
    const { from, to } = store.view.visible;
    expect([from % 2, store.view.current, store.view.mounted.length <= MAX_MOUNTED]).toEqual([1, 31, true]);
    const news = main.bought.filter((page) => !before.has(page));
    for (const page of news) expect(page >= from - 1 && page <= to + 2).toBe(true);
    expect(news).toContain(32);
    store.turn(1);
    expect(store.view.current).toBe(33);
    store.goTo(30);
    expect([store.view.current, store.view.visible.from]).toEqual([30, 29]);
    store.rotate(1);
    store.dispose();
    const again = open(60, { memory, main });
    expect([again.store.view.columns, again.store.view.quarterTurns]).toEqual([2, 1]);
  });

  it('turns all pages by quarters and keeps what is in the middle there', async () => {
    const { main, store, clock } = open(60);
    await main.serve();
    store.goTo(60);
    await main.serve();
    store.goTo(30);
    await main.serve();
    const bought = main.bought.length;
    const { view } = store;
    const upright = view.slot(30);
    expect(upright.height).toBeGreaterThan(upright.width);
    store.rotate(1);
    const across = view.slot(30);
    expect(across.width).toBeGreaterThan(across.height);
    expect(view.visible.from <= 30 && view.visible.to >= 30).toBe(true);
    store.rotate(-1);
    expect(view.slot(30).height).toBe(upright.height);
    for (let n = 0; n < 4; n += 1) store.rotate(1);
    expect(view.quarterTurns).toBe(0);
    clock.pass(150);
    await main.serve();
    // The centre stayed in the same page, so at most its neighbours came into view.
    expect(main.bought.slice(bought).every((page) => Math.abs(page - 30) <= 4)).toBe(true);
  });

  it('mounts at most 15 pages and shows 2,000 pages at 400 %, from the first to the last', async () => {
    const { main, store, clock } = open(2000, { startPage: 2000 });
    main.sizeOf = () => ({ widthPx: 1588, heightPx: 2246 });
    await main.serve();
    store.zoomTo({ kind: 'zoom', zoom: 4 });
    clock.pass(150);
    expect(store.view.layout.totalHeight).toBeGreaterThan(15_000_000);
    expect(store.view.boxHeight).toBeLessThanOrEqual(15_000_000);
    for (const page of [1, 2, 777, 1999, 2000]) {
      store.goTo(page);
      const { view } = store;
      expect(view.current).toBe(page);
      expect(view.mounted.length).toBeLessThanOrEqual(MAX_MOUNTED);
      expect(view.slot(page).height).toBe(2246 * 4);
      expect(view.scrollTop).toBeGreaterThanOrEqual(0);
      expect(view.scrollTop).toBeLessThanOrEqual(view.boxHeight - 800 + 1);
      expect(slotOf(view.layout, page).top - view.top).toBeCloseTo(16, 3);
    }
  });

  it('comes back to the exact spot, and forward again', async () => {
    const { main, store, clock } = open(90, { startPage: 80 });
    await main.serve();
    store.goTo(7);
    store.scrolled(store.view.scrollTop + 123, 0);
    clock.pass(150);
    const { top } = store.view;
    store.goToEnd();
    const end = store.view.top;
    store.goBack();
    expect(store.view.top).toBeCloseTo(top, 9);
    store.goForward();
    expect(store.view.top).toBeCloseTo(end, 9);
  });

  it('says 100 % for one picture pixel on one device pixel, and follows the window in the fit modes', async () => {
    const { main, store } = open(5);
    await main.serve();
    const { view } = store;
    store.resize({ width: 1000, height: 800, devicePixelRatio: 2 });
    store.zoomTo({ kind: 'zoom', zoom: 1 });
    expect(view.slot(1).width * 2).toBe(1240);
    store.zoomTo({ kind: 'width' });
    expect(view.slot(1).width).toBe(1000 - 48);
    store.resize({ width: 700, height: 800, devicePixelRatio: 2 });
    expect(view.slot(1).width).toBe(700 - 48);
    store.zoomTo({ kind: 'page' });
    expect(view.slot(1).height).toBe(800 - 32);
    expect([view.canZoomIn, view.canZoomOut]).toEqual([true, true]);
    store.zoomTo({ kind: 'zoom', zoom: 99 });
    expect([view.zoom, view.canZoomIn]).toEqual([8, false]);
  });
});

describe('what is said aloud', () => {
  it('is told once a second at most, the last news first', async () => {
    const { main, store, clock } = open(50, { startPage: 40 });
    await main.serve();
    clock.pass(5000);
    const heard: string[] = [];
    const listen = (): void => {
      const news = store.announcement;
      const text = news ? `${news.kind} ${'pageNumber' in news ? news.pageNumber : ''}` : '';
      if (text !== heard.at(-1)) heard.push(text);
    };
    listen();
    const first = heard.length;
    for (let page = 10; page < 30; page += 1) {
      store.goTo(page);
      clock.pass(100);
      listen();
    }
    clock.pass(1000);
    listen();
    // 20 leaps in 3 seconds: at most four words, the last one about the last page.
    expect(heard.length - first).toBeLessThanOrEqual(4);
    expect(heard.at(-1)).toBe('page 29');
  });
});

function share(
  view: {
    slot(page: number): { top: number; left: number; width: number; height: number };
    scrollTop: number;
    left: number;
  },
  page: number,
  at: { x: number; y: number },
): { x: number; y: number } {
  const slot = view.slot(page);
  return { x: (view.left + at.x - slot.left) / slot.width, y: (view.scrollTop + at.y - slot.top) / slot.height };
}

describe('decoded pictures', () => {
  it('stay within 256 MB; all in view are shown', async () => {
    const { main, store, clock } = open(60);
    main.sizeOf = () => ({ widthPx: 4960, heightPx: 3508 }); // 70 MB each
    await main.serve();
    store.goTo(60);
    await main.serve();
    for (let page = 1; page <= 20; page += 1) {
      store.goTo(page);
      await main.serve();
    }
    store.zoomTo({ kind: 'page' });
    clock.pass(150);
    await main.serve();
    const { visible, mounted } = store.view;
    const shown = mounted.filter((page) => store.pictureUrl(page) !== null);
    expect(shown.length * 4960 * 3508 * 4).toBeLessThanOrEqual(256 * 1024 * 1024);
    expect(shown.length).toBe(3);
    expect(mounted.filter((page) => store.thumbnailUrl(page) !== null).length).toBeGreaterThan(3);
    for (let page = visible.from; page <= visible.to; page += 1) expect(shown).toContain(page);
  });
});

describe('reading memory', () => {
  it('does not keep pages that came since from their own size', async () => {
    const { main, memory, store } = open(9);
    await main.serve();
    store.dispose();
    const wide = {
      pageNumber: 7,
      target: 'png',
      status: 'ready',
      widthPx: 2000,
      heightPx: 1000,
      sizeBytes: 1,
    } as const;
    const pages = { atLeast: 9, total: 9, repeatsFrom: null };
    const again = new ViewerStore(main, { ...DOCUMENT, pages, here: [wide] }, memory, undefined, new HandClock());
    again.resize({ width: 1000, height: 800, devicePixelRatio: 1 });
    const { width, height } = again.view.slot(7);
    expect(width / height).toBeCloseTo(2, 1);
  });
  it('knows where 200 documents were left; the one left longest ago goes', () => {
    const memory = new ReadingMemory();
    const named = (key: string): typeof DOCUMENT => ({ ...DOCUMENT, key });
    const { store } = open(3);
    const { spot, sizes, mode, quarterTurns, columns, trail } = store.view;
    const reading = { spot, look: { mode, quarterTurns, columns }, trail, sizes, ready: [] };
    for (let n = 1; n <= 201; n += 1) memory.keep(named(`${n}.pdf`), reading);
    expect([memory.recall(named('1.pdf')), memory.recall(named('2.pdf'))?.spot]).toEqual([null, spot]);
    memory.keep(named('2.pdf'), reading);
    memory.keep(named('202.pdf'), reading);
    expect([memory.recall(named('2.pdf')) !== null, memory.recall(named('3.pdf'))]).toEqual([true, null]);
  });
});
