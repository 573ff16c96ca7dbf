import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, test, vi } from "vitest";
import type { Network } from "../call/probe";
import { welcome } from "../state";
import { network } from "./checks";
import { NetworkTest } from "./network";

const probe = vi.hoisted(() => vi.fn());
vi.mock("../call/probe", () => ({ probe }));

const FINE: Network = {
  ok: true,
  transport: "udp",
  rtt_ms: 40,
  loss: 0,
  jitter_ms: 3,
  fault: null,
};

afterEach(() => {
  act(() => render(null, document.body));
  network.value = null;
  vi.useRealTimers();
});

/** What is read once the network was found to be so, and whether it can be tried again. */
async function read(found: Network): Promise<{ text: string; again: boolean; state: string }> {
  probe.mockResolvedValue(found);
  welcome.value = { seat: "me", ice_servers: [] } as unknown as typeof welcome.value;
  await act(() => render(<NetworkTest />, document.body));
  await act(async () => {});
  const state = document.querySelector<HTMLElement>(".check")?.dataset.state ?? "";
  const answer = {
    text: document.querySelector("[aria-live]")?.textContent ?? "",
    again: document.querySelector("button") !== null,
    state,
  };
  act(() => render(null, document.body));
  return answer;
}

test("each verdict has its sentence, and what may be mended can be tried again", async () => {
  expect(await read(FINE)).toEqual({
    text: "Your network is good: voice and picture get through.",
    again: false,
    state: "good",
  });
  for (const transport of ["tcp", "relay"] as const) {
    const { text, again } = await read({ ...FINE, transport });
    expect(text).toContain("by a detour. That works.");
    expect(again).toBe(false);
  }
  const weak = await read({ ...FINE, ok: false, loss: 0.2 });
  expect(weak.text).toContain("Your network is weak. Your voice comes first");
  expect([weak.again, weak.state]).toEqual([true, "bad"]);
  const shut = await read({ ...FINE, ok: false, fault: "no_path" });
  expect(shut.text).toContain("lets neither voice nor picture through");
  expect([shut.again, shut.state]).toEqual([true, "bad"]);
  for (const fault of ["no_webrtc", "no_answer", "refused"] as const) {
    const { text, again, state } = await read({ ...FINE, ok: false, fault });
    expect(text).toContain("couldn't be tried");
    expect([again, state]).toEqual([true, "asked"]);
  }
});

test("tried again, the old word is gone until there is a new one", async () => {
  probe.mockResolvedValue({ ...FINE, ok: false, fault: "no_path" });
  welcome.value = { seat: "me", ice_servers: [] } as unknown as typeof welcome.value;
  await act(() => render(<NetworkTest />, document.body));
  await act(async () => {});
  let settle: (found: Network) => void = () => {};
  probe.mockReturnValue(new Promise<Network>((done) => (settle = done)));
  await act(async () => document.querySelector("button")?.click());
  expect(document.body.textContent).toContain("Trying your network for five seconds");
  await act(async () => settle(FINE));
  expect(document.body.textContent).toContain("Your network is good");
});
