/** The party's room: faces above, one large button for the voice below, the rest one tap away. */
import { Coffee, Ellipsis } from "lucide-preact";
import { useEffect } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t, tn } from "../words";
import { AskedAside } from "./aside";
import { BesideQuestions } from "./beside_question";
import { useEdge } from "./clear";
import {
  BreakButton,
  CameraButton,
  HelpButton,
  MicrophoneButton,
  PrivateWordButton,
} from "./controls";
import { command } from "./journey";
import { Knocking } from "./knocking";
import { compact, crowded } from "./large";
import { MutedHint } from "./muted";
import { pressing } from "./notices";
import { HelpLine } from "./page";
import { papers, recording, talk } from "./parts";
import { atDesk, closeSheet, narrow, opened, openSheet } from "./sheets";
import { connected } from "./state";
import { Explanation } from "./strip";
import { Tiles } from "./tile";
import { breakUntil, clockTime } from "./time";

export function PartyRoom({ view }: { view: View }) {
  useEffect(() => talk.load(), []);
  const shown = view.shown.exhibit !== null || view.shown.screen !== null;
  useEffect(() => {
    if (shown) papers.load();
  }, [shown]);
  const recorded = view.recording !== null || view.recorded !== null;
  useEffect(() => {
    if (recorded) recording.load();
  }, [recorded]);
  const recorder = recorded ? recording.value.value : null;
  const spoken = talk.value.value;
  const releases = spoken?.releases().value.value ?? [];
  const asked =
    Number(view.knocking !== null) +
    (view.recording?.waits_for.filter((one) => one.seat === view.seat).length ?? 0) +
    view.asked_beside.length +
    releases.filter((one) => one.release === "asked").length;
  const looked = shown ? papers.value.value : null;
  const much = shown || asked > 0;
  const crowd = much || pressing(view);
  useEffect(() => {
    crowded.value = crowd;
    return () => {
      crowded.value = false;
    };
  }, [crowd]);
  const left = view.place === "side" && !much;
  const edge = useEdge<HTMLDivElement>("below");
  const few = compact(view);
  const row = shown || (asked > 0 && narrow.value);
  const more = <MoreButton unread={spoken?.unread.value ?? 0} />;
  return (
    <div class="party" data-shown={shown} data-asked={asked > 0} data-row={row}>
      <Knocking view={view} />
      <BesideQuestions view={view} />
      {recorder && <recorder.Recorder view={view} />}
      {spoken && <spoken.ReleaseQuestion view={view} />}
      <InSight asked={asked} />
      <Pause view={view} />
      {/* Whoever was left alone reads first why; in a talk the face comes first. */}
      {left && <Explanation view={view} />}
      <Tiles view={view} />
      {looked && <looked.Stage view={view} />}
      {!left && <Explanation view={view} />}
      {/* Kept for captions, which come between the faces and the controls. */}
      <div class="captions" />
      <div class="bottom" ref={edge}>
        {view.may_take_chair && <TakeChair />}
        <MutedHint view={view} />
        <AskedAside view={view} />
        {/* One element in both cases: what is being pressed must not go away under the finger. */}
        <div class="reach" data-few={few}>
          <MicrophoneButton view={view} />
          {few && <HelpButton view={view} />}
          {few && more}
        </div>
        {!few && (
          <div class="controls">
            <CameraButton />
            <PrivateWordButton view={view} />
            <BreakButton view={view} />
            {more}
          </div>
        )}
      </div>
      <div class="small-line">
        {!few && <HelpButton view={view} />}
        <HelpLine short />
      </div>
    </div>
  );
}

/** On a phone a sheet would cover a question that waits for an answer. */
function InSight({ asked }: { asked: number }) {
  useEffect(() => {
    if (asked > 0 && !atDesk()) closeSheet();
  }, [asked]);
  return null;
}

function MoreButton({ unread }: { unread: number }) {
  return (
    <button
      type="button"
      class="toggle"
      aria-haspopup="dialog"
      aria-expanded={opened.value !== null}
      onClick={() => openSheet("more")}
    >
      <Ellipsis aria-hidden="true" />
      <span>{t("More")}</span>
      {unread > 0 && <span class="badge">{tn("%(num)s new", "%(num)s new", unread)}</span>}
    </button>
  );
}

/** A break has an end, by the server's clock, that everybody knows. */
function Pause({ view }: { view: View }) {
  const until = breakUntil(view);
  if (!until) return null;
  return (
    <p class="notice with-icons">
      <Coffee aria-hidden="true" />
      <span>
        {t("Break until %(time)s. The mediator then brings everybody together. Take a rest.", {
          time: clockTime(until),
        })}
      </span>
    </p>
  );
}

function TakeChair() {
  return (
    <div class="take-chair">
      <p>{t("No mediator is connected. You may host until one comes back.")}</p>
      <button
        type="button"
        class="main wide"
        disabled={!connected.value}
        onClick={() => void command("take_chair", {})}
      >
        {t("Take the chair")}
      </button>
    </div>
  );
}
