/** One didn't arrive: what happened, what was kept, what to do now. */
import { TriangleAlert } from "lucide-preact";
import { t } from "../words";
import { MeetingFacts } from "./joining/facts";
import { begin } from "./journey";
import { Page } from "./page";
import { failure } from "./state";

export function Failed() {
  const { title, text, again } = told(failure.value);
  return (
    <Page title={title} icon={<TriangleAlert aria-hidden="true" />} languages>
      <p>{text}</p>
      <MeetingFacts />
      {again && (
        <button type="button" class="main wide" onClick={() => void begin()}>
          {t("Try again")}
        </button>
      )}
    </Page>
  );
}

export function told(code: string): { title: string; text: string; again: boolean } {
  switch (code) {
    case "link_invalid":
    case "unknown_seat":
      return {
        title: t("This link is not valid"),
        text: t(
          "Part of it may be missing, or a newer link has been sent to you. Please open the newest message again and tap its link, or call the committee.",
        ),
        again: false,
      };
    case "link_replaced":
      return {
        title: t("Your link was replaced"),
        text: t("A new link was made for you. Please open the newest message and tap its link."),
        again: false,
      };
    case "link_revoked":
      return {
        title: t("This link was taken back"),
        text: t(
          "It doesn't open this meeting any more. If you think that is a mistake, please call the committee.",
        ),
        again: false,
      };
    case "session_cancelled":
      return {
        title: t("This meeting was cancelled"),
        text: t("It will not take place. The committee will tell you how it goes on."),
        again: false,
      };
    case "link_expired":
      return {
        title: t("This link has expired"),
        text: t("Please call the committee for a new one. Nothing of your matter is lost."),
        again: false,
      };
    case "session_over":
      return {
        title: t("This meeting is over"),
        text: t(
          "Nobody is connected any more. If you have a question about the result, please call the committee.",
        ),
        again: false,
      };
    case "no_seat":
      return {
        title: t("Please open your link again"),
        text: t(
          "This device isn't signed in to the meeting any more. Open the message you were sent and tap its link. Your place is kept.",
        ),
        again: false,
      };
    case "too_many":
      return {
        title: t("Too many tries"),
        text: t("Your link is still good. Please wait a minute, then try again."),
        again: true,
      };
    case "no_network":
      return {
        title: t("No network"),
        text: t(
          "The service can't be reached from here. Please check the Wi-Fi or mobile data, then try again. Your link stays good.",
        ),
        again: true,
      };
    default:
      return {
        title: t("Something went wrong on our side"),
        text: t("It isn't your fault and nothing is lost. Please try again in a moment."),
        again: true,
      };
  }
}
