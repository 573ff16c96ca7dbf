/** The first page: who invites, when, and what will be asked. */
import { Mic, Video } from "lucide-preact";
import { t } from "../words";
import type { Welcome } from "./arrival";
import { Avatar } from "./avatar";
import { toDevices } from "./journey";
import { Page } from "./page";
import { language, welcome } from "./state";

export function Landing() {
  const known = welcome.value;
  if (!known) return null;
  const title = known.hosting
    ? t("You host this meeting")
    : t("Mediator %(host)s is expecting you", { host: known.host_name });
  return (
    <Page title={title} languages icon={<Avatar name={known.host_name} />}>
      <dl class="facts">
        <dt>{t("Organisation")}</dt>
        <dd>{known.organisation}</dd>
        <dt>{t("Time")}</dt>
        <dd>{startsAt(known, language.value)}</dd>
      </dl>
      <p class="with-icons">
        <Mic aria-hidden="true" />
        <Video aria-hidden="true" />
        <span>
          {t("Your browser will ask for the microphone and camera. Please choose “Allow”.")}
        </span>
      </p>
      <p>
        {known.hosting
          ? t("The others wait in the lobby until you let them in.")
          : t("Nobody sees or hears you until the mediator lets you in.")}
      </p>
      <button type="button" class="main wide" onClick={toDevices}>
        {t("Join")}
      </button>
    </Page>
  );
}

/** The time on the organisation's clock; with its zone for who sits in another one. */
export function startsAt(known: Pick<Welcome, "starts_at" | "time_zone">, lang: string): string {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", {
    timeZone: known.time_zone,
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: here === known.time_zone ? undefined : "short",
  }).format(new Date(known.starts_at));
}
