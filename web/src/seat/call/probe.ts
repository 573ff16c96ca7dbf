/**
 * What this network can do, tried through the very media server of the meeting: for five seconds a
 * sound goes there and comes back. Nobody else hears it, and nothing of it is kept.
 */

export interface Network {
  /** Good enough to be understood; if not, `fault` or the figures say why. */
  ok: boolean;
  transport: "udp" | "tcp" | "relay" | null;
  /** There and back, in milliseconds. */
  rtt_ms: number | null;
  /** Of what was sent, 0 to 1, there and back together. */
  loss: number;
  jitter_ms: number | null;
  /**
   * `no_webrtc`: this browser can't; `no_answer`: the server was not reached; `refused`: it would
   * not; `no_path`: no sound came through.
   */
  fault: null | "no_webrtc" | "no_answer" | "no_path" | "refused";
}

const GATHER_MS = 2000;
const CONNECT_MS = 6000;
const LISTEN_MS = 5000;
const LOOK_MS = 250;
/** Beyond these, words are lost or people talk into each other. */
const MOST_LOSS = 0.08;
const MOST_RTT_MS = 800;
const MOST_JITTER_MS = 100;

const NOTHING: Network = {
  ok: false,
  transport: null,
  rtt_ms: null,
  loss: 1,
  jitter_ms: null,
  fault: null,
};

/**
 * `told` gets how far it is, 0 to 1. A microphone is used if given, else a sound nobody hears.
 * `stop` ends it before its time: whoever goes on into a lobby sends and receives nothing there.
 */
export async function probe(
  seat: string,
  ice: RTCIceServer[],
  told: (progress: number) => void,
  microphone: MediaStreamTrack | null = null,
  stop?: AbortSignal,
): Promise<Network> {
  let peer: RTCPeerConnection | null = null;
  let sound: Sound | null = null;
  try {
    peer = new RTCPeerConnection({ iceServers: ice, bundlePolicy: "max-bundle" });
    const trying = peer;
    stop?.addEventListener("abort", () => trying.close());
    // A copy: the page may mute or stop its own meanwhile.
    sound = microphone ? lent(microphone.clone()) : generated();
    peer.addTransceiver(sound.track, { direction: "sendrecv" });
    await peer.setLocalDescription();
    await gathered(peer);
    const answer = await ask(seat, peer.localDescription?.sdp ?? "");
    if ("fault" in answer) return { ...NOTHING, ...answer };
    await peer.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    if (!(await connected(peer))) return { ...NOTHING, fault: "no_path" };
    await listen(told);
    return summary(await peer.getStats());
  } catch {
    return { ...NOTHING, fault: "no_webrtc" };
  } finally {
    peer?.close();
    sound?.end();
  }
}

type Stats = Iterable<[string, Record<string, unknown>]>;

/** What a connection's statistics say of it. */
export function summary(stats: Stats): Network {
  const reports = [...stats].map(([, report]) => report);
  const find = (type: string) => reports.find((report) => report.type === type);
  const pair = nominated(reports);
  const inbound = find("inbound-rtp");
  const remote = find("remote-inbound-rtp");
  const received = number(inbound?.packetsReceived) ?? 0;
  // A packet that comes twice makes the browser count less than nothing as lost.
  const lost = Math.max(0, number(inbound?.packetsLost) ?? 0);
  const loss = received ? lost / (received + lost) : 1;
  const rtt = milliseconds(pair?.currentRoundTripTime) ?? milliseconds(remote?.roundTripTime);
  const jitter = milliseconds(inbound?.jitter);
  const usable = loss <= MOST_LOSS && (rtt ?? 0) <= MOST_RTT_MS && (jitter ?? 0) <= MOST_JITTER_MS;
  return {
    ok: received > 0 && usable,
    transport: transport(reports, pair),
    rtt_ms: rtt,
    loss,
    jitter_ms: jitter,
    fault: received ? null : "no_path",
  };
}

/** The pair of addresses that is in use; Firefox has no transport report and marks the pair. */
function nominated(reports: Record<string, unknown>[]): Record<string, unknown> | undefined {
  const chosen = reports.find((r) => r.type === "transport")?.selectedCandidatePairId;
  const pairs = reports.filter((r) => r.type === "candidate-pair");
  return (
    pairs.find((pair) => pair.id === chosen) ??
    pairs.find((pair) => pair.selected === true) ??
    pairs.find((pair) => pair.nominated === true && pair.state === "succeeded")
  );
}

function transport(
  reports: Record<string, unknown>[],
  pair: Record<string, unknown> | undefined,
): Network["transport"] {
  const local = reports.find(
    (r) => r.type === "local-candidate" && r.id === pair?.localCandidateId,
  );
  if (!local) return null;
  if (local.candidateType === "relay") return "relay";
  return local.protocol === "tcp" ? "tcp" : "udp";
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function milliseconds(seconds: unknown): number | null {
  const value = number(seconds);
  return value === null ? null : Math.round(value * 1000);
}

/** All addresses are known, or those that come soon: a server that is not there is not waited for. */
function gathered(peer: RTCPeerConnection): Promise<void> {
  return until(peer, "icegatheringstatechange", GATHER_MS, () => {
    return peer.iceGatheringState === "complete";
  }).then(() => {});
}

function connected(peer: RTCPeerConnection): Promise<boolean> {
  return until(peer, "connectionstatechange", CONNECT_MS, () => {
    return peer.connectionState === "connected" || peer.connectionState === "failed";
  }).then(() => peer.connectionState === "connected");
}

/** Resolves when it is so, or the time is over. */
function until(
  peer: RTCPeerConnection,
  event: string,
  patience: number,
  so: () => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      window.clearTimeout(timer);
      peer.removeEventListener(event, look);
      resolve();
    };
    const look = () => {
      if (so()) done();
    };
    const timer = window.setTimeout(done, patience);
    peer.addEventListener(event, look);
    look();
  });
}

async function ask(
  seat: string,
  sdp: string,
): Promise<{ sdp: string } | { fault: "no_answer" | "refused" }> {
  try {
    const response = await fetch(`/j/${seat}/echo`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sdp }),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(CONNECT_MS),
    });
    const answer = await response.json().catch(() => null);
    if (typeof answer?.sdp === "string") return { sdp: answer.sdp };
    return { fault: answer?.code ? "refused" : "no_answer" };
  } catch {
    return { fault: "no_answer" };
  }
}

function listen(told: (progress: number) => void): Promise<void> {
  return new Promise((resolve) => {
    let passed = 0;
    told(0);
    const timer = window.setInterval(() => {
      passed += LOOK_MS;
      told(Math.min(1, passed / LISTEN_MS));
      if (passed < LISTEN_MS) return;
      window.clearInterval(timer);
      resolve();
    }, LOOK_MS);
  });
}

interface Sound {
  track: MediaStreamTrack;
  end(): void;
}

function lent(track: MediaStreamTrack): Sound {
  track.enabled = true;
  return { track, end: () => track.stop() };
}

/** A tone too quiet to be heard; the packets are as many as a voice's. */
function generated(): Sound {
  const context = new AudioContext();
  // Asked for after a tap, or it stays silent; what counts are the packets.
  void context.resume();
  const [tone, gain, out] = [
    context.createOscillator(),
    context.createGain(),
    context.createMediaStreamDestination(),
  ];
  gain.gain.value = 0.001;
  tone.connect(gain).connect(out);
  tone.start();
  const track = out.stream.getAudioTracks()[0] as MediaStreamTrack;
  return {
    track,
    end: () => {
      track.stop();
      void context.close();
    },
  };
}
