/** A file on its way to the server, with how far it has come. */
import { t } from "../../words";
import { address } from "./list";

/** As the server has it: what is larger is refused there, too. */
const LARGEST = 20 * 1024 * 1024;

/** Null when it is there; else the sentence that says why not. */
export function upload(file: File, progress: (share: number) => void): Promise<string | null> {
  if (file.size > LARGEST) return Promise.resolve(tooLarge());
  const form = new FormData();
  form.append("file", file, file.name);
  const request = new XMLHttpRequest();
  return new Promise((settle) => {
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    request.onload = () => settle(request.status === 200 ? null : said(request.responseText));
    request.onerror = () => settle(lost());
    request.open("POST", address("exhibits"));
    request.send(form);
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
