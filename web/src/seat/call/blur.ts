/** One's own picture with everything but oneself blurred, by a model that runs in this page. */
import packed from "@mediapipe/selfie_segmentation/selfie_segmentation.binarypb?url&no-inline";
import script from "@mediapipe/selfie_segmentation/selfie_segmentation.js?url&no-inline";
import model from "@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite?url&no-inline";
import solution from "@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.js?url&no-inline";
import wasm from "@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.wasm?url&no-inline";
import type { Made } from "./finer";

const BLUR = "blur(14px)";
const FRAME_MS = 45;
/** A machine that takes longer for its first picture would show a slide show. */
const PATIENCE_MS = 15_000;

/** By the names that the model's own script asks for. */
const FILES: Record<string, string> = {
  "selfie_segmentation.binarypb": packed,
  "selfie_segmentation_landscape.tflite": model,
  "selfie_segmentation_solution_simd_wasm_bin.js": solution,
  "selfie_segmentation_solution_simd_wasm_bin.wasm": wasm,
};

interface Results {
  image: CanvasImageSource;
  segmentationMask: CanvasImageSource;
}

interface Model {
  setOptions(options: { modelSelection: 0 | 1 }): void;
  onResults(told: (results: Results) => void): void;
  send(input: { image: HTMLVideoElement }): Promise<void>;
  close(): Promise<void>;
}

type Maker = new (config: { locateFile: (name: string) => string }) => Model;

export async function blurred(track: MediaStreamTrack): Promise<Made> {
  const video = await playing(track);
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const pen = canvas.getContext("2d");
  const Segmentation = await loaded();
  if (!pen) throw new Error("no canvas");
  const found = new Segmentation({ locateFile: (name) => FILES[name] ?? name });
  found.setOptions({ modelSelection: 1 });
  found.onResults((results) => draw(pen, results));
  await inTime(found.send({ image: video }));
  const out = canvas.captureStream(25);
  const [made] = out.getVideoTracks();
  if (!made) throw new Error("no track");
  const stop = every(FRAME_MS, () => found.send({ image: video }));
  const end = () => {
    stop();
    made.stop();
    video.srcObject = null;
    void found.close();
  };
  return { track: made, end };
}

function draw(pen: CanvasRenderingContext2D, { image, segmentationMask }: Results): void {
  const { width, height } = pen.canvas;
  pen.save();
  pen.clearRect(0, 0, width, height);
  pen.drawImage(segmentationMask, 0, 0, width, height);
  pen.globalCompositeOperation = "source-in";
  pen.drawImage(image, 0, 0, width, height);
  pen.globalCompositeOperation = "destination-over";
  pen.filter = BLUR;
  pen.drawImage(image, 0, 0, width, height);
  pen.restore();
}

async function playing(track: MediaStreamTrack): Promise<HTMLVideoElement> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  await video.play();
  return video;
}

/** The model's script makes a global; it is no module. */
async function loaded(): Promise<Maker> {
  const holder = window as unknown as { SelfieSegmentation?: Maker };
  if (!holder.SelfieSegmentation) {
    await new Promise((done, failed) => {
      const element = document.createElement("script");
      element.src = script;
      element.addEventListener("load", done);
      element.addEventListener("error", failed);
      document.head.append(element);
    });
  }
  if (!holder.SelfieSegmentation) throw new Error("not loaded");
  return holder.SelfieSegmentation;
}

function inTime(work: Promise<void>): Promise<void> {
  const late = new Promise<void>((_, failed) => {
    setTimeout(() => failed(new Error("too slow")), PATIENCE_MS);
  });
  return Promise.race([work, late]);
}

/** One after the other, however long one takes. */
function every(ms: number, work: () => Promise<void>): () => void {
  let over = false;
  const next = async () => {
    if (over) return;
    await work().catch(() => {});
    setTimeout(() => void next(), ms);
  };
  void next();
  return () => {
    over = true;
  };
}
