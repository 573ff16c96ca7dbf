/** Noise taken out of a voice by a small neural network (RNNoise), in a thread of its own. */
import { loadRnnoise, RnnoiseWorkletNode } from "@sapphi-red/web-noise-suppressor";
import plain from "@sapphi-red/web-noise-suppressor/rnnoise.wasm?url&no-inline";
import simd from "@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url&no-inline";
import worklet from "@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url&no-inline";
import type { Made } from "./finer";

/** What the network was trained with. */
const SAMPLE_RATE = 48_000;

export async function quieten(track: MediaStreamTrack): Promise<Made> {
  const context = new AudioContext({ sampleRate: SAMPLE_RATE });
  try {
    const [wasmBinary] = await Promise.all([
      loadRnnoise({ url: plain, simdUrl: simd }),
      context.audioWorklet.addModule(worklet),
    ]);
    const node = new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary });
    const out = context.createMediaStreamDestination();
    const source = context.createMediaStreamSource(new MediaStream([track]));
    source.connect(node).connect(out);
    await context.resume();
    const [made] = out.stream.getAudioTracks();
    if (!made) throw new Error("no track");
    const end = () => {
      made.stop();
      node.destroy();
      void context.close();
    };
    return { track: made, end };
  } catch (error) {
    void context.close();
    throw error;
  }
}
