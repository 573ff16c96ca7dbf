/** What a host does for the whole room, in one row; on a phone the rarer part folds away. */
import { Ear, Lock, NotebookText, SlidersHorizontal, Users } from "lucide-preact";
import { useState } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { CameraButton, MicrophoneButton } from "../controls";
import { command } from "../journey";
import { MutedHint } from "../muted";
import { waitingForHost } from "../news";
import { HelpLine, LargeSwitch } from "../page";
import { ShareScreenButton } from "../papers";
import { alone, sides } from "../people";
import { connected } from "../state";
import { BackButton } from "./back";
import { drawer, toggle } from "./drawer";
import { ByKey } from "./keys";
import { unreadSentence } from "./panel";
import { BreakButton } from "./pause";
import { RecordButton } from "./record";

export function Bottom({ view }: { view: View }) {
  const [open, setOpen] = useState(false);
  return (
    <div class="bottom" data-open={open}>
      <MutedHint view={view} />
      <div class="controls">
        <ByKey letter="m">
          <MicrophoneButton view={view} />
        </ByKey>
        <div class="folds">
          <Fold which="people" count={waitingForHost.value ? String(waitingForHost.value) : null} />
          <Fold which="panel" count={unreadSentence()} />
          <button
            type="button"
            class="toggle fold-more"
            aria-expanded={open}
            aria-controls="more-controls"
            onClick={() => setOpen(!open)}
          >
            <SlidersHorizontal aria-hidden="true" />
            <span>{open ? t("Less") : t("More")}</span>
          </button>
        </div>
        <div class="more-controls" id="more-controls">
          <ByKey letter="v">
            <CameraButton />
          </ByKey>
          <ByKey letter="q">
            <QuietButton view={view} />
          </ByKey>
          <ByKey letter="p">
            <BreakButton view={view} />
          </ByKey>
          <PrivateSides view={view} />
          <ByKey letter="j">
            <BackButton view={view} />
          </ByKey>
          <ShareScreenButton view={view} />
          <RecordButton view={view} />
        </div>
      </div>
      <div class="small-line">
        <HelpLine short />
        <LargeSwitch />
      </div>
    </div>
  );
}

/** Opens a column that the screen has no room for; hidden where it is always there. */
function Fold({ which, count }: { which: "people" | "panel"; count: string | null }) {
  const Icon = which === "people" ? Users : NotebookText;
  return (
    <button
      type="button"
      class={`toggle fold-${which}`}
      aria-expanded={drawer.value === which}
      aria-controls={which === "people" ? "board" : "panel"}
      onClick={() => toggle(which)}
    >
      <Icon aria-hidden="true" />
      <span>{which === "people" ? t("People") : t("Agenda and notes")}</span>
      {count && <span class="count">{count}</span>}
    </button>
  );
}

/** As high whether it is on or off: nothing may move away under the hand. */
function QuietButton({ view }: { view: View }) {
  return (
    <button
      type="button"
      class="toggle quiet"
      aria-pressed={view.quiet}
      disabled={!connected.value}
      onClick={() => void command("quiet", { on: !view.quiet })}
    >
      <Ear aria-hidden="true" />
      <span>{t("Everyone quiet")}</span>
      <span class="note" aria-hidden="true">
        {view.quiet ? t("is on") : t("is off")}
      </span>
    </button>
  );
}

/** A whole side at one stroke. */
function PrivateSides({ view }: { view: View }) {
  return (
    <>
      {sides(view.board ?? []).map(({ side, seats }, n) => (
        <ByKey key={side} letter={String(n + 1)}>
          <button
            type="button"
            class="toggle"
            disabled={!connected.value || seats.length === 0 || alone(view, seats)}
            title={seats.length === 0 ? t("Nobody of this side is connected.") : undefined}
            onClick={() => void command("move", { seats, to: "caucus" })}
          >
            <Lock aria-hidden="true" />
            <span>{t("Private %(side)s", { side })}</span>
          </button>
        </ByKey>
      ))}
    </>
  );
}
