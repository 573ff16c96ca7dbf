import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Links, SignalIn } from "../../wire/protocol.gen";
import { view } from "../example";

/** As much of a peer connection as the call uses, driven by hand. */
const { peers, Peer } = vi.hoisted(() => {
  const peers: Peer[] = [];
  class Peer extends EventTarget {
    connectionState = "new";
    received = 1;
    closed = false;
    lines: string[] = [];
    sent = new Map<number, unknown>();
    localDescription = { sdp: "described" };
    constructor() {
      super();
      peers.push(this);
    }
    addTransceiver(kind: string) {
      const line = this.lines.push(kind) - 1;
      const replaceTrack = async (track: unknown) => void this.sent.set(line, track);
      return { sender: { replaceTrack, track: null, getParameters: () => ({ encodings: [] }) } };
    }
    getTransceivers() {
      return this.lines.map((kind) => ({ receiver: { track: { kind, of: this } } }));
    }
    async setLocalDescription() {}
    async setRemoteDescription({ type }: { type: string }) {
      if (type === "offer") this.lines = ["audio", "video", "video"];
    }
    async getStats() {
      return new Map([["pair", { type: "candidate-pair", bytesReceived: this.received }]]);
    }
    close() {
      this.closed = true;
    }
    become(state: string) {
      this.connectionState = state;
      this.dispatchEvent(new Event("connectionstatechange"));
    }
  }
  globalThis.RTCPeerConnection = Peer as never;
  return { peers, Peer };
});

const { Call, failing, pictures } = await import("./call");
const { camera } = await import("./capture");

const rebuild = vi.fn();
const signalled = vi.fn<(signal: SignalIn) => void>();
const seen = signal(view({ admitted: true, place: "joint", camera: true }));
let call: InstanceType<typeof Call>;
let made = 0;

vi.mock("./voices", () => ({ hear: () => {}, silence: () => {} }));

beforeEach(() => {
  vi.useFakeTimers();
  call = new Call({ signal: signalled, rebuild }, seen, () => []);
});

afterEach(() => {
  call.close();
  peers.splice(0);
  camera.value = null;
  vi.clearAllMocks();
  vi.useRealTimers();
});

/** The server gives links; their two connections, the down link's lines already there. */
async function given(): Promise<[InstanceType<typeof Peer>, InstanceType<typeof Peer>]> {
  made += 1;
  const links: Links = { up: `up-${made}`, down: `down-${made}`, ice_servers: [] };
  call.renew(links);
  call.hear({ link: links.down, kind: "offer", sdp: "" });
  await vi.advanceTimersByTimeAsync(0);
  const [up, down] = peers.slice(-2);
  if (!up || !down) throw new Error("no links were made");
  return [up, down];
}

function connect(...links: InstanceType<typeof Peer>[]): void {
  for (const link of links) link.become("connected");
}

/** Whose pictures are shown. */
const shown = () => (pictures.value[0] as unknown as { of: unknown } | undefined)?.of;

/** So many seconds in which RTCP comes on these links only. */
async function pass(seconds: number, ...alive: InstanceType<typeof Peer>[]): Promise<void> {
  for (let n = 0; n < seconds; n++) {
    for (const link of alive) link.received += 100;
    await vi.advanceTimersByTimeAsync(1000);
  }
}

test("on another network the new links are connected before the old ones go", async () => {
  const track = { kind: "video", getSettings: () => ({}) } as unknown as MediaStreamTrack;
  camera.value = track;
  const old = await given();
  connect(...old);
  expect(shown()).toBe(old[1]);

  call.moved();
  expect(rebuild).toHaveBeenCalledTimes(1);
  const fresh = await given();
  await vi.advanceTimersByTimeAsync(0);
  expect(old.some((link) => link.closed)).toBe(false);
  expect(shown()).toBe(old[1]);
  expect(fresh[0].sent.get(1)).toBe(track);

  connect(fresh[0]);
  expect(old.some((link) => link.closed)).toBe(false);
  connect(fresh[1]);
  expect(old.every((link) => link.closed)).toBe(true);
  expect(shown()).toBe(fresh[1]);
  expect(failing.value).toBe(false);
});

test("what the server closes first is shown on by what is just coming", async () => {
  const old = await given();
  connect(...old);
  call.moved();
  const fresh = await given();
  old[1].become("failed");
  expect(rebuild).toHaveBeenCalledTimes(1);
  connect(...fresh);
  expect(shown()).toBe(fresh[1]);
  await vi.advanceTimersByTimeAsync(1600);
  expect(failing.value).toBe(false);
});

test("doubts ask once; new links that fail leave the old ones alone", async () => {
  const old = await given();
  connect(...old);
  old[0].become("disconnected");
  old[1].become("disconnected");
  expect(rebuild).toHaveBeenCalledTimes(1);
  const fresh = await given();
  fresh[0].become("failed");
  expect(fresh.every((link) => link.closed)).toBe(true);
  expect(old.some((link) => link.closed)).toBe(false);
  expect(shown()).toBe(old[1]);
  await pass(20, ...old);
  expect(rebuild).toHaveBeenCalledTimes(1);
});

test("silence for three seconds is a loss, and is told when nothing takes its place", async () => {
  const [up, down] = await given();
  connect(up, down);
  await pass(2, up, down);
  await pass(1, up);
  expect(rebuild).not.toHaveBeenCalled();
  await pass(1, up);
  expect(rebuild).toHaveBeenCalledTimes(1);
  expect(down.closed).toBe(false);
  await pass(1, up);
  expect(rebuild).toHaveBeenCalledTimes(1);
  expect([up.closed, down.closed]).toEqual([true, true]);
  expect(pictures.value).toEqual([]);
  expect(failing.value).toBe(false);
  await vi.advanceTimersByTimeAsync(1600);
  expect(failing.value).toBe(true);
  connect(...(await given()));
  expect(failing.value).toBe(false);
});

test("without an answer it is asked again, less and less often; another network asks at once", async () => {
  const [up] = await given();
  up.become("failed");
  expect(rebuild).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(60_000);
  const calls = rebuild.mock.calls.length;
  expect(calls).toBeGreaterThan(5);
  expect(calls).toBeLessThan(10);
  window.dispatchEvent(new Event("online"));
  call.moved();
  expect(rebuild).toHaveBeenCalledTimes(calls + 1);
});

test("after a sleep nobody waits for three looks in vain", async () => {
  const old = await given();
  connect(...old);
  await pass(2, ...old);
  vi.setSystemTime(Date.now() + 600_000);
  await pass(1, ...old);
  expect(rebuild).toHaveBeenCalledTimes(1);
  expect(old.some((link) => link.closed)).toBe(false);
  connect(...(await given()));
  await pass(10, ...peers.slice(-2));
  expect(rebuild).toHaveBeenCalledTimes(1);
});

test("a page that is taken up again and again does not count silence where there was no time", async () => {
  const old = await given();
  connect(...old);
  await pass(2, ...old);
  for (let n = 0; n < 9; n++) call.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(rebuild).not.toHaveBeenCalled();
});

test("afterwards nothing is asked for and nothing is open", async () => {
  const old = await given();
  old[0].become("failed");
  call.close();
  rebuild.mockClear();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(rebuild).not.toHaveBeenCalled();
  expect(peers.every((link) => link.closed)).toBe(true);
});
