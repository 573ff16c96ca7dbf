import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { upload } from "./upload";

/** A request that does only what a test makes it do. */
class Hung {
  static last: Hung;
  upload: { onprogress?: (event: object) => void; onload?: () => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  aborted = false;

  constructor() {
    Hung.last = this;
  }

  open(): void {}
  send(): void {}

  abort(): void {
    this.aborted = true;
    this.onabort?.();
  }

  moved(loaded: number): void {
    this.upload.onprogress?.({ lengthComputable: true, loaded, total: 10 });
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("XMLHttpRequest", Hung);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const file = () => new File(["a paper"], "contract.pdf");

test("a network that hangs ends it with a sentence, and as long as something moves it goes on", async () => {
  const shares: number[] = [];
  const sent = upload(file(), (share) => shares.push(share), new AbortController().signal);
  for (const loaded of [2, 4]) {
    vi.advanceTimersByTime(29_000);
    Hung.last.moved(loaded);
  }
  expect(Hung.last.aborted).toBe(false);
  expect(shares).toEqual([0.2, 0.4]);
  vi.advanceTimersByTime(30_000);
  expect(Hung.last.aborted).toBe(true);
  expect(await sent).toContain("did not get through");
});

test("all of it sent, its pages have time to be drawn", async () => {
  const sent = upload(file(), () => {}, new AbortController().signal);
  Hung.last.moved(10);
  Hung.last.upload.onload?.();
  vi.advanceTimersByTime(120_000);
  expect(Hung.last.aborted).toBe(false);
  Hung.last.status = 200;
  Hung.last.onload?.();
  expect(await sent).toBeNull();
  expect(vi.getTimerCount()).toBe(0);
});

test("whoever sends it may stop it", async () => {
  const stop = new AbortController();
  const sent = upload(file(), () => {}, stop.signal);
  stop.abort();
  expect(Hung.last.aborted).toBe(true);
  expect(await sent).toContain("Sending was stopped");
});
