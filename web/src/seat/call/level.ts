/** How loud a microphone is, from 0 to 1, some times a second. */
export function watchLevel(track: MediaStreamTrack, told: (level: number) => void): () => void {
  if (typeof AudioContext === "undefined") return () => {};
  const context = new AudioContext();
  void context.resume();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const timer = window.setInterval(() => {
    analyser.getByteTimeDomainData(samples);
    told(loudness(samples));
  }, 100);
  return () => {
    window.clearInterval(timer);
    void context.close();
  };
}

/** From samples around 128: silence is 0, ordinary speech near a phone well above a half. */
export function loudness(samples: Uint8Array): number {
  let sum = 0;
  for (const sample of samples) sum += ((sample - 128) / 128) ** 2;
  const decibels = 10 * Math.log10(sum / samples.length + 1e-9);
  return Math.min(1, Math.max(0, (decibels + 60) / 50));
}
