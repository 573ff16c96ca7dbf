/** Two soft notes, for what a host should see to; at most every few seconds. */
import { kept } from "./kept";

const AGAIN_MS = 8000;
const LOUDNESS = 0.06;

export const sound = kept("heyi.host.sound", ["on", "off"]);

let context: AudioContext | null = null;
let last = Number.NEGATIVE_INFINITY;

export function chime(): void {
  const at = performance.now();
  if (typeof AudioContext === "undefined" || sound.value.peek() === "off" || at - last < AGAIN_MS)
    return;
  last = at;
  context ??= new AudioContext();
  // Before the first tap on the page browsers keep it off; then there is no sound, and no harm.
  void context.resume().catch(() => {});
  note(context, 660, 0);
  note(context, 880, 0.18);
}

function note(audio: AudioContext, hertz: number, wait: number): void {
  const begin = audio.currentTime + wait;
  const volume = new GainNode(audio, { gain: 0 });
  const tone = new OscillatorNode(audio, { frequency: hertz });
  volume.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, begin + 0.5);
  tone.connect(volume).connect(audio.destination);
  tone.start(begin);
  tone.stop(begin + 0.5);
}
