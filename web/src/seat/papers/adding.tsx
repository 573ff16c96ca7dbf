/** A paper into the room: a file, a photo of it, or, for who hosts, one of the case's. */
import { signal, useSignal } from "@preact/signals";
import { Camera, FileUp, FolderOpen, X } from "lucide-preact";
import { useRef } from "preact/hooks";
import { smaller } from "../../smaller";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { command } from "../journey";
import { connected } from "../state";
import { address, type CasePaper, papers, sentence } from "./list";
import { upload } from "./upload";

// In one piece, the reader of our texts would take it for the beginning of a comment.
const PICTURES = ["image", "*"].join("/");
const TAKEN = [
  PICTURES,
  "application/pdf",
  ".docx",
  ".xlsx",
  "text/plain",
  "audio/mpeg",
  "audio/mp4",
  ".m4a",
  ".mp3",
  "video/mp4",
  ".mov",
].join();
/** Telephones and tablets have a camera that can be held over a paper. */
const handheld = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;

/** How much of the file has gone; null while none is on its way. */
const gone = signal<number | null>(null);
let stop = new AbortController();
const wrong = signal("");
const done = signal("");

async function add(file: File): Promise<void> {
  wrong.value = "";
  done.value = "";
  gone.value = 0;
  stop = new AbortController();
  const { signal } = stop;
  const ready = await smaller(file);
  const refused = await upload(ready, show, signal);
  gone.value = null;
  if (refused) wrong.value = refused;
  else done.value = t("%(name)s was added.", { name: ready.name });
  await papers.ask();
}

function show(share: number): void {
  gone.value = share;
}

export function Adding({ view }: { view: View }) {
  const choosing = useSignal(false);
  const busy = gone.value !== null || !connected.value;
  return (
    <div class="adding">
      <div class="adding-ways">
        <Choose icon={FileUp} word={t("Add a paper")} accept={TAKEN} disabled={busy} />
        {handheld && (
          <Choose
            icon={Camera}
            word={t("Photograph a paper")}
            accept={PICTURES}
            camera
            disabled={busy}
          />
        )}
        {view.hosting && (
          <button
            type="button"
            aria-expanded={choosing.value}
            onClick={() => {
              choosing.value = !choosing.value;
            }}
          >
            <FolderOpen aria-hidden="true" />
            {t("From the case's papers")}
          </button>
        )}
      </div>
      <p class="soft">{who(view)}</p>
      <div role="status">
        {gone.value !== null && <Progress share={gone.value} />}
        {done.value && <p>{done.value}</p>}
      </div>
      {gone.value !== null && gone.value < 1 && (
        <button type="button" onClick={() => stop.abort()}>
          <X aria-hidden="true" />
          {t("Stop sending")}
        </button>
      )}
      {wrong.value && (
        <p class="problem" role="alert">
          {wrong.value}
        </p>
      )}
      {view.hosting && choosing.value && <CasePapers />}
    </div>
  );
}

function who(view: View): string {
  if (view.place === "joint") return t("What you add here, everybody in the meeting can read.");
  return t("What you add here, only the people in this room can read.");
}

/** Sent is not yet there: the server still looks at it, and draws its pages. */
function Progress({ share }: { share: number }) {
  const percent = Math.round(share * 100);
  return (
    <>
      <p>
        {percent < 100
          ? t("Sending: %(share)s", { share: `${percent} %` })
          : t("It is being made ready…")}
      </p>
      <progress max={1} value={percent < 100 ? share : undefined} aria-hidden="true" />
    </>
  );
}

interface ChooseProps {
  icon: typeof Camera;
  word: string;
  accept: string;
  camera?: boolean;
  disabled: boolean;
}

function Choose({ icon: Mark, word, accept, camera = false, disabled }: ChooseProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" disabled={disabled} onClick={() => input.current?.click()}>
        <Mark aria-hidden="true" />
        {word}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        {...(camera ? { capture: "environment" } : {})}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (file) void add(file);
        }}
      />
    </>
  );
}

function CasePapers() {
  const found = useSignal<readonly CasePaper[] | null>(null);
  const asked = useRef(false);
  if (!asked.current) {
    asked.current = true;
    void fetch(address("papers"), { cache: "no-store" }).then(async (response) => {
      if (response.ok) found.value = (await response.json()) as CasePaper[];
      else wrong.value = (await sentence(response)) ?? "";
    });
  }
  if (!found.value) return <progress aria-label={t("One moment, please")} />;
  if (found.value.length === 0) return <p>{t("The case has no papers yet.")}</p>;
  return (
    <ul class="case-papers">
      {found.value.map((paper) => (
        <li key={paper.id}>
          <button
            type="button"
            disabled={!connected.value}
            onClick={() => void command("bring_paper", { document: paper.id })}
          >
            {paper.name}
          </button>
        </li>
      ))}
    </ul>
  );
}
