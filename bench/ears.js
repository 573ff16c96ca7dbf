// What a page really receives, measured under it: every peer connection it makes is kept, and the
// voices that come down are looked through for pure tones. Run before the page's own script.
(() => {
  const Real = window.RTCPeerConnection;
  if (!Real) return;
  const SAMPLES = 4096; // 85 ms: two tones 100 Hz apart don't touch behind a Hann window
  const NEWEST = 512;
  const peers = [];

  window.RTCPeerConnection = class extends Real {
    constructor(...args) {
      super(...args);
      this.ear = null;
      peers.push(this);
      this.addEventListener("track", ({ track }) => track.kind === "audio" && attach(this, track));
    }
  };

  // A pure tone is a noise to a noise suppressor.
  const devices = navigator.mediaDevices;
  if (devices) {
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = ({ audio, ...rest }) =>
      ask({
        ...rest,
        audio: audio && {
          echoCancellation: false,
          noiseSuppression: false,
          autoGainControl: false,
        },
      });
  }

  let context = null;
  let window_ = null;

  function attach(peer, track) {
    context ??= new AudioContext();
    void context.resume();
    if (!peer.ear) {
      peer.ear = context.createAnalyser();
      peer.ear.fftSize = SAMPLES;
    }
    context.createMediaStreamSource(new MediaStream([track])).connect(peer.ear);
  }

  function levels(peer, tones) {
    window_ ??= Float32Array.from(
      { length: SAMPLES },
      (_, n) => 1 - Math.cos((2 * Math.PI * n) / SAMPLES),
    );
    const heard = new Float32Array(SAMPLES);
    peer.ear.getFloatTimeDomainData(heard);
    return tones.map((tone) => decibels(heard, tone));
  }

  // Goertzel: the level of one frequency, 0 dBFS for a sine of full scale.
  function decibels(heard, tone) {
    const c = 2 * Math.cos((2 * Math.PI * tone) / context.sampleRate);
    let a = 0;
    let b = 0;
    for (let n = 0; n < SAMPLES; n++) [a, b] = [heard[n] * window_[n] + c * a - b, a];
    const power = a * a + b * b - c * a * b;
    return 10 * Math.log10((power * 4) / (SAMPLES * SAMPLES) + 1e-14);
  }

  const open = (from) => peers.slice(from).filter((peer) => peer.signalingState !== "closed");
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  async function received(from = 0) {
    const sum = { audio: 0, video: 0, pictures: [] };
    for (const peer of open(from)) {
      for (const report of (await peer.getStats()).values()) {
        if (report.type !== "inbound-rtp") continue;
        sum[report.kind] += report.packetsReceived ?? 0;
        if (report.kind === "video") sum.pictures.push(report.framesDecoded ?? 0);
      }
    }
    return sum;
  }

  // For each tone, from several windows a moment: the loudest, and how loud it is usually.
  async function listen(tones, ms) {
    const found = tones.map(() => []);
    const before = await received();
    for (const end = performance.now() + ms; performance.now() < end; await pause(40)) {
      const now = tones.map(() => -140);
      for (const peer of open(0).filter((peer) => peer.ear))
        levels(peer, tones).forEach((level, n) => {
          now[n] = Math.max(now[n], level);
        });
      now.forEach((level, n) => {
        found[n].push(level);
      });
    }
    const after = await received();
    return {
      listening: context?.state === "running",
      loudest: found.map((one) => Math.max(...one)),
      usual: found.map((one) => one.sort((a, b) => a - b)[one.length >> 1]),
      audio: after.audio - before.audio,
      video: after.video - before.video,
    };
  }

  // When, by the clock of the machine, all tones are heard and so many pictures move: on links
  // made after the first `from` ones only.
  async function back(from, tones, pictures, ms) {
    const at = { sound: null, picture: null };
    let before = null;
    for (const end = performance.now() + ms; performance.now() < end; await pause(15)) {
      const links = open(from);
      if (!links.some((peer) => peer.connectionState === "connected")) continue;
      const ears = links.filter((peer) => peer.ear);
      const heard = tones.every((_, n) =>
        ears.some((peer) => levels(peer, tones)[n] > -45),
      );
      if (heard) at.sound ??= Date.now();
      const now = (await received(from)).pictures;
      before ??= now.map(() => 0);
      if (now.filter((frames, n) => frames > (before[n] ?? 0)).length >= pictures)
        at.picture ??= Date.now();
      if (at.sound && at.picture) break;
    }
    return at;
  }

  // When the next picture is decoded here, and the next sound, if wanted, is played. So far there
  // is neither.
  async function next(sound, ms) {
    const at = { picture: null, sound: null };
    const copies = open(0)
      .flatMap((peer) => peer.getReceivers())
      .filter(({ track }) => track.kind === "video")
      .map(({ track }) => track.clone());
    for (const track of copies) {
      const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
      void reader.read().then(({ value }) => {
        if (!value) return;
        at.picture ??= Date.now();
        value.close();
      });
    }
    const ears = open(0).flatMap((peer) => peer.ear ?? []);
    for (const end = performance.now() + ms; performance.now() < end; await pause(4)) {
      if (ears.some(sounds)) at.sound ??= Date.now();
      if (at.picture && (at.sound || !sound)) break;
    }
    for (const track of copies) track.stop();
    return at;
  }

  function sounds(ear) {
    const heard = new Float32Array(SAMPLES);
    ear.getFloatTimeDomainData(heard);
    return heard.subarray(-NEWEST).some((sample) => Math.abs(sample) > 0.02);
  }

  // Whether both links come up in time.
  async function ready(ms) {
    for (const end = performance.now() + ms; performance.now() < end; await pause(5)) {
      const links = open(0);
      if (links.length === 2 && links.every((peer) => peer.connectionState === "connected"))
        return true;
    }
    return false;
  }

  // Each stream that is sent or comes: its form, how large its packets are, how much sounded.
  async function streams() {
    const found = [];
    for (const peer of open(0)) {
      const reports = [...(await peer.getStats()).values()];
      const codec = (id) => reports.find((report) => report.id === id)?.mimeType;
      for (const report of reports) {
        const comes = report.type === "inbound-rtp";
        if (!comes && report.type !== "outbound-rtp") continue;
        const packets = (comes ? report.packetsReceived : report.packetsSent) ?? 0;
        const octets = (comes ? report.bytesReceived : report.bytesSent) ?? 0;
        if (packets > 0)
          found.push({
            way: comes ? "in" : "out",
            form: codec(report.codecId) ?? "",
            size: octets / packets,
            energy: report.totalAudioEnergy ?? 0,
          });
      }
    }
    return found;
  }

  // As when the network has failed: the page asks for new links.
  function lose() {
    const peer = open(0)[0];
    Object.defineProperty(peer, "connectionState", { get: () => "failed" });
    peer.dispatchEvent(new Event("connectionstatechange"));
  }

  // What has come out so far, of all that comes: samples of sound and how many of them were made
  // up, pictures and how high they are.
  async function played() {
    const sum = { at: performance.now(), samples: 0, made_up: 0, frames: 0, height: 0 };
    for (const peer of open(0)) {
      for (const report of (await peer.getStats()).values()) {
        if (report.type !== "inbound-rtp") continue;
        sum.samples += report.totalSamplesReceived ?? 0;
        sum.made_up += report.concealedSamples ?? 0;
        sum.frames += report.framesDecoded ?? 0;
        sum.height = Math.max(sum.height, report.frameHeight ?? 0);
      }
    }
    return sum;
  }

  const share = (from, to) => (to.made_up - from.made_up) / Math.max(1, to.samples - from.samples);

  // For so many ms: the share of sound that was made up, pictures a second, and the times longer
  // than `patience` ms in which the picture stood still.
  async function outcome(ms, patience) {
    const first = await played();
    let [last, moved] = [first, first.at];
    const still = [];
    while (last.at - first.at < ms) {
      await pause(50);
      const now = await played();
      const over = now.at - first.at >= ms;
      if (now.frames > last.frames || over) {
        if (now.at - moved > patience) still.push(now.at - moved);
        moved = now.at;
      }
      last = now;
    }
    const seconds = (last.at - first.at) / 1000;
    return {
      made_up: last.samples > first.samples ? share(first, last) : 1,
      frames: (last.frames - first.frames) / seconds,
      height: last.height,
      still,
    };
  }

  // After how many ms the first second begins in which next to no sound is made up, the one in which
  // there are so many pictures a second, and from when on they are that high.
  async function recovers(frames, height, ms) {
    const at = { sound: null, picture: null, height: null };
    const seen = [await played()];
    const [{ at: began }] = seen;
    while (performance.now() - began < ms && Object.values(at).includes(null)) {
      await pause(50);
      const now = await played();
      seen.push(now);
      while (seen.length > 2 && now.at - seen[1].at >= 1000) seen.shift();
      if (now.height >= height) at.height ??= now.at - began;
      const [then] = seen;
      if (now.at - then.at < 1000) continue;
      const heard = now.samples > then.samples && share(then, now) < 0.01;
      if (heard) at.sound ??= then.at - began;
      if (now.frames - then.frames >= frames) at.picture ??= then.at - began;
    }
    return at;
  }

  // How each open link reaches the other end: "host", "srflx", "prflx" or "relay/tcp".
  async function ways() {
    const found = [];
    for (const peer of open(0)) {
      const stats = await peer.getStats();
      const all = [...stats.values()];
      const chosen = all.find(({ type }) => type === "transport")?.selectedCandidatePairId;
      const way = stats.get(stats.get(chosen)?.localCandidateId);
      if (way) found.push([way.candidateType, way.relayProtocol].filter(Boolean).join("/"));
    }
    return found;
  }

  // For each slot in which both run: how many ms its picture and its voice are apart as they are
  // played, by the sender's clock.
  async function lips() {
    const apart = [];
    for (const peer of open(0)) {
      const playing = new Map();
      for (const report of (await peer.getStats()).values()) {
        if (report.type !== "inbound-rtp" || !report.estimatedPlayoutTimestamp) continue;
        const [slot] = /slot-\d+/.exec(report.trackIdentifier) ?? [];
        if (slot && moves(report)) playing.set(slot, [...(playing.get(slot) ?? []), report]);
      }
      for (const pair of playing.values()) {
        const [one, other] = pair.map(({ estimatedPlayoutTimestamp: at }) => at);
        if (other) apart.push(Math.abs(one - other));
      }
    }
    return apart;
  }

  const seen = new Map();
  // Whether it has brought anything since the last time it was asked for.
  function moves({ ssrc, packetsReceived }) {
    const before = seen.get(ssrc) ?? packetsReceived;
    seen.set(ssrc, packetsReceived);
    return packetsReceived > before;
  }

  let tapped = 0;
  const note = ({ timeStamp }) => {
    tapped = Date.now() - (performance.now() - timeStamp);
  };
  window.addEventListener("click", note, { capture: true });

  window.ears = {
    received,
    listen,
    back,
    next,
    streams,
    links: () => peers.length,
    tapped: () => tapped,
    ready,
    lose,
    ways,
    lips,
    outcome,
    recovers,
  };
})();
