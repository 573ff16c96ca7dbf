/** A file on its way to the server, with how far it has come. */
import { t } from "../../words";
import { address } from "./list";

/** As the server has it: what is larger is refused there, too. */
const LARGEST = 20 * 1024 * 1024;
/** Nothing has moved for so long: the network hangs, and would for ever. */
const STALLED_MS = 30_000;
/** How long the pages of a large paper may take to be drawn, and then some. */
const DRAWN_MS = 180_000;

/** Null when it is there; else the sentence that says why not. `stop`: by whoever sends it. */
export function upload(
  file: File,
  progress: (share: number) => void,
  stop: AbortSignal,
): Promise<string | null> {
  if (file.size > LARGEST) return Promise.resolve(tooLarge());
  const form = new FormData();
  form.append("file", file, file.name);
  const request = new XMLHttpRequest();
  return new Promise((settle) => {
    let timer: number | undefined;
    const end = (sentence: string | null) => {
      window.clearTimeout(timer);
      settle(sentence);
    };
    const wait = (ms: number) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        end(lost());
        request.abort();
      }, ms);
    };
    request.upload.onprogress = (event) => {
      wait(STALLED_MS);
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.upload.onload = () => wait(DRAWN_MS);
    request.onload = () => end(request.status === 200 ? null : said(request.responseText));
    request.onerror = () => end(lost());
    request.onabort = () => end(stopped());
    stop.addEventListener("abort", () => request.abort());
    request.open("POST", address("exhibits"));
    request.send(form);
    wait(STALLED_MS);
  });
}

function said(body: string): string {
  try {
    const { text } = JSON.parse(body) as { text?: string };
    if (text) return text;
  } catch {
    // A page of something in between, not of ours.
  }
  return lost();
}

function tooLarge(): string {
  return t("This file is larger than 20 MB, so it was not sent. Please make it smaller.");
}

function lost(): string {
  return t("The file did not get through, so nothing was kept. Please try again.");
}

function stopped(): string {
  return t("Sending was stopped, and nothing was kept.");
}
