import { expect, test } from "vitest";
import { summary } from "./probe";

type Report = Record<string, unknown>;

const PAIR = {
  id: "pair",
  type: "candidate-pair",
  state: "succeeded",
  nominated: true,
  localCandidateId: "here",
  currentRoundTripTime: 0.0421,
};
const LOCAL = { id: "here", type: "local-candidate", candidateType: "srflx", protocol: "udp" };
const TRANSPORT = { id: "t", type: "transport", selectedCandidatePairId: "pair" };
const INBOUND = {
  id: "in",
  type: "inbound-rtp",
  packetsReceived: 245,
  packetsLost: 5,
  jitter: 0.0123,
};

function stats(...reports: Report[]): Map<string, Report> {
  return new Map(reports.map((report) => [String(report.id), report]));
}

test("a good network", () => {
  expect(summary(stats(TRANSPORT, PAIR, LOCAL, INBOUND))).toEqual({
    ok: true,
    transport: "udp",
    rtt_ms: 42,
    loss: 0.02,
    jitter_ms: 12,
    fault: null,
  });
});

test("the pair in use is found with and without a transport report", () => {
  const other = { ...PAIR, id: "other", localCandidateId: "there", currentRoundTripTime: 1 };
  const unused = { ...other, nominated: false, state: "failed" };
  const relay = { ...LOCAL, candidateType: "relay", protocol: "tcp" };
  expect(summary(stats(other, PAIR, LOCAL, TRANSPORT, INBOUND)).rtt_ms).toBe(42);
  expect(summary(stats(unused, PAIR, relay, INBOUND)).transport).toBe("relay");
  const marked = { ...PAIR, selected: true };
  expect(summary(stats(other, marked, LOCAL, INBOUND)).transport).toBe("udp");
  expect(summary(stats(PAIR, { ...LOCAL, protocol: "tcp" }, INBOUND)).transport).toBe("tcp");
});

test("without a word of the pair, the server's report knows the way's time", () => {
  const remote = { id: "r", type: "remote-inbound-rtp", roundTripTime: 0.25 };
  const found = summary(stats(INBOUND, remote));
  expect(found).toMatchObject({ ok: true, rtt_ms: 250, transport: null });
});

test("a bad network is told by its figures and has no fault", () => {
  const lossy = summary(stats(TRANSPORT, PAIR, LOCAL, { ...INBOUND, packetsLost: 105 }));
  expect(lossy).toMatchObject({ ok: false, loss: 0.3, fault: null });
  const slow = summary(stats({ ...PAIR, currentRoundTripTime: 2 }, LOCAL, INBOUND));
  expect(slow).toMatchObject({ ok: false, rtt_ms: 2000, fault: null });
  const uneven = summary(stats(PAIR, LOCAL, { ...INBOUND, jitter: 0.4 }));
  expect(uneven).toMatchObject({ ok: false, jitter_ms: 400, fault: null });
});

test("when nothing came there was no path, though the connection stood", () => {
  for (const inbound of [[], [{ ...INBOUND, packetsReceived: 0, packetsLost: 0 }]]) {
    const found = summary(stats(TRANSPORT, PAIR, LOCAL, ...inbound));
    expect(found).toMatchObject({ ok: false, fault: "no_path", loss: 1 });
  }
});

test("packets that came twice are no loss below nothing", () => {
  expect(summary(stats(PAIR, LOCAL, { ...INBOUND, packetsLost: -3 })).loss).toBe(0);
});
