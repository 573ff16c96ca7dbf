/** The mediator has locked the meeting: one waits outside, and comes in when the door opens. */
import { LockKeyhole } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { t } from "../../words";
import { arrive } from "../arrival";
import { keepAwake } from "../awake";
import { comeBackAfterCut } from "../journey";
import { Page } from "../page";
import { cut, welcome } from "../state";
import { MeetingFacts } from "./facts";
import { sayOutside } from "./progress";

const LOOK_MS = 5000;
const SAY_MS = 30_000;

export function LockedDoor() {
  useEffect(keepAwake, []);
  useEffect(waitOutside, []);
  return (
    <Page title={t("The door is closed for now")} icon={<LockKeyhole aria-hidden="true" />}>
      <p>
        {t(
          "The mediator lets nobody new in at the moment. Your place is kept. Please leave this page open: as soon as the door opens, you come in by yourself.",
        )}
      </p>
      <p>{t("Your microphone and camera are off.")}</p>
      <MeetingFacts />
    </Page>
  );
}

/** Looks whether it is open; without a network one simply goes on waiting. */
function waitOutside(): () => void {
  sayOutside();
  const saying = window.setInterval(sayOutside, SAY_MS);
  let gone = false;
  const looking = window.setInterval(async () => {
    const seat = welcome.peek()?.seat;
    const found = seat && (await arrive(seat, "").catch(() => null));
    if (gone || !found || found.locked || cut.peek() !== "session_locked") return;
    gone = true;
    welcome.value = found;
    await comeBackAfterCut();
  }, LOOK_MS);
  return () => {
    gone = true;
    window.clearInterval(saying);
    window.clearInterval(looking);
  };
}
