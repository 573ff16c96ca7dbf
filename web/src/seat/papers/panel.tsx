/** The papers of the meeting that one may read here, and what may be done with each. */

import { useSignal } from "@preact/signals";
import {
  Archive,
  Download,
  Eye,
  FileSpreadsheet,
  FileText,
  Image,
  Music,
  Presentation,
  Send,
  Trash2,
  X,
} from "lucide-preact";
import type { View } from "../../wire/protocol.gen";
import { sentences, t, tn } from "../../words";
import { command } from "../journey";
import { look } from "../sheets";
import { connected } from "../state";
import { Adding } from "./adding";
import { address, type Paper, papers } from "./list";
import { ShareScreenButton } from "./share";

export function PapersPanel({ view }: { view: View }) {
  const found = papers.value.value;
  return (
    <div class="papers">
      <Adding view={view} />
      {!view.hosting && <ShareScreenButton view={view} />}
      {found === null && <progress aria-label={t("One moment, please")} />}
      {found?.length === 0 && <p class="soft">{t("No papers here yet.")}</p>}
      <ul class="paper-list">
        {found?.map((paper) => (
          <Row key={paper.id} paper={paper} view={view} />
        ))}
      </ul>
    </div>
  );
}

function Row({ paper, view }: { paper: Paper; view: View }) {
  const Mark = iconOf(paper.type);
  const shown = view.shown.exhibit === paper.id;
  const removing = useSignal(false);
  const away = !connected.value;
  return (
    <li class="paper" data-shown={shown} aria-label={paper.name}>
      <p class="paper-name">
        <Mark aria-hidden="true" />
        <strong>{paper.name || t("This paper can't be read any more.")}</strong>
      </p>
      <p class="soft">
        {paper.pages
          ? tn("%(num)s page, from %(name)s", "%(num)s pages, from %(name)s", paper.pages, {
              name: paper.by,
            })
          : t("To be saved, not shown. From %(name)s", { name: paper.by })}
      </p>
      <p class="paper-where" data-private={!paper.open}>
        {whoReads(paper)}
      </p>
      {shown && <p class="paper-now">{t("Everybody here is looking at this now.")}</p>}
      <div class="paper-actions">
        {paper.may_show && !shown && (
          <button
            type="button"
            class="main"
            disabled={away}
            onClick={() => void command("show", { exhibit: paper.id, page: 1 })}
          >
            <Presentation aria-hidden="true" />
            {t("Show to everybody here")}
          </button>
        )}
        {shown && !view.hosting && (
          <button type="button" class="main" onClick={look}>
            <Eye aria-hidden="true" />
            {t("Look at it")}
          </button>
        )}
        {shown && view.shown.may_lead && (
          <button
            type="button"
            disabled={away}
            onClick={() => void command("show", { exhibit: null, page: 1 })}
          >
            <X aria-hidden="true" />
            {t("Put away")}
          </button>
        )}
        {paper.may_ask && (
          <button
            type="button"
            disabled={away}
            onClick={() => void command("ask_release", { kind: "exhibit", thing: paper.id })}
          >
            <Send aria-hidden="true" />
            {t("Ask to pass it on")}
          </button>
        )}
        {paper.may_keep && (
          <button
            type="button"
            disabled={away}
            onClick={() => void command("keep_exhibit", { exhibit: paper.id })}
          >
            <Archive aria-hidden="true" />
            {t("Keep in the file")}
          </button>
        )}
        <a class="button" href={address(`exhibits/${paper.id}/file`)} download="">
          <Download aria-hidden="true" />
          {t("Save a copy")}
        </a>
        {paper.may_remove && !removing.value && (
          <button
            type="button"
            disabled={away}
            onClick={() => {
              removing.value = true;
            }}
          >
            <Trash2 aria-hidden="true" />
            {t("Remove this paper")}
          </button>
        )}
      </div>
      {removing.value && (
        <div class="paper-sure" role="alert">
          <p>{t("It will be gone for everybody. Remove it?")}</p>
          <button
            type="button"
            class="danger"
            disabled={away}
            onClick={() => void command("remove_exhibit", { exhibit: paper.id })}
          >
            {t("Remove the paper")}
          </button>
          <button
            type="button"
            onClick={() => {
              removing.value = false;
            }}
          >
            {t("Leave it here")}
          </button>
        </div>
      )}
    </li>
  );
}

/** Where it may be seen, in words. */
export function whoReads(paper: Pick<Paper, "open" | "side" | "release" | "kept">): string {
  const kept = paper.kept ? t("In the case's file.") : "";
  return sentences([reach(paper), kept].filter(Boolean) as string[]);
}

function reach({ open, side, release }: Pick<Paper, "open" | "side" | "release">): string {
  if (open) {
    return release === "released"
      ? t("Passed on with that side's consent: everybody in the meeting may see it.")
      : t("Everybody in the meeting may see it.");
  }
  if (release === "asked") return t("That side only. They have been asked whether it may go on.");
  if (release === "refused") return t("That side only. They want to keep it to themselves.");
  if (side === "" || side === "-" || side.includes(","))
    return t("Only those who were there may see it.");
  return t("Side %(side)s and the mediator only. The other side can't see it.", { side });
}

function iconOf(type: string): typeof FileText {
  if (type.startsWith("image/")) return Image;
  if (type.startsWith("audio/") || type.startsWith("video/")) return Music;
  return type.includes("sheet") ? FileSpreadsheet : FileText;
}
