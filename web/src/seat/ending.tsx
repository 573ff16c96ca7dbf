/** The session is over: how it ended, and what that means. */
import { Check } from "lucide-preact";
import type { ResultKind, View } from "../wire/protocol.gen";
import { t } from "../words";
import { readAddress } from "./arrival";
import { MeetingFacts } from "./joining/facts";
import { Page } from "./page";
import { language } from "./state";

export function EndingPage({ view }: { view: View }) {
  const ending = view.ending;
  const cancelled = view.state === "cancelled";
  return (
    <Page
      title={cancelled ? t("This meeting was cancelled") : t("The meeting has ended")}
      icon={<Check aria-hidden="true" />}
    >
      {cancelled && (
        <p>{t("It will not take place. The committee will tell you how it goes on.")}</p>
      )}
      {ending && (
        <dl class="facts">
          <dt>{t("Result")}</dt>
          <dd>{resultName(ending.kind)}</dd>
          {ending.until && (
            <>
              <dt>{t("Next meeting")}</dt>
              <dd>{day(ending.until, language.value)}</dd>
            </>
          )}
          {ending.reason && (
            <>
              <dt>{t("Reason")}</dt>
              <dd>{ending.reason}</dd>
            </>
          )}
        </dl>
      )}
      <p>{t("Your microphone and camera are off.")}</p>
      <p>{t("You can close this page.")}</p>
      {!view.hosting && <MeetingFacts />}
      {view.admitted && (
        <p>
          <a href={`/j/${readAddress().seat}/recordings?lang=${language.value}`}>
            {t("What was recorded of me, and my receipt")}
          </a>
        </p>
      )}
      {view.hosting && (
        <a class="button main wide" href="/today">
          {t("To today's meetings")}
        </a>
      )}
    </Page>
  );
}

export const RESULTS: ResultKind[] = [
  "agreed",
  "partly_agreed",
  "not_agreed",
  "adjourned",
  "broken_off",
];

export function resultName(kind: ResultKind): string {
  switch (kind) {
    case "agreed":
      return t("Agreed");
    case "partly_agreed":
      return t("Partly agreed");
    case "not_agreed":
      return t("Not agreed");
    case "adjourned":
      return t("Adjourned to a date");
    case "broken_off":
      return t("Broken off");
    case "prepared":
      return t("Prepared");
  }
}

/** A calendar day, which is the same everywhere. */
function day(iso: string, lang: string): string {
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", {
    dateStyle: "full",
    timeZone: "UTC",
  }).format(new Date(`${iso}T00:00:00Z`));
}
