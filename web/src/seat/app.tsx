import { Fragment } from "preact";
import { t } from "../words";
import { CutPage } from "./cut";
import { Devices } from "./devices";
import { EndingPage } from "./ending";
import { Failed } from "./failed";
import { Landing } from "./landing";
import { Name } from "./name";
import { Page } from "./page";
import { Room } from "./room";
import { language, step, view } from "./state";

export function App() {
  return <Fragment key={language.value}>{shown()}</Fragment>;
}

function shown() {
  switch (step.value) {
    case "arriving":
      return <Wait title={t("One moment, please")} />;
    case "failed":
      return <Failed />;
    case "landing":
      return <Landing />;
    case "devices":
      return <Devices />;
    case "cut":
      return <CutPage />;
    case "room":
      return <Inside />;
  }
}

/** Everything that the server's view decides. */
function Inside() {
  const seen = view.value;
  if (!seen) return <Wait title={t("Connecting")} />;
  if (seen.state === "ended" || seen.state === "cancelled") return <EndingPage view={seen} />;
  if (!seen.hosting && !seen.said_name) return <Name />;
  return <Room view={seen} />;
}

function Wait({ title }: { title: string }) {
  return (
    <Page title={title}>
      <p>{t("This takes a few seconds. If it takes longer, please check your network.")}</p>
      <progress aria-label={title} />
    </Page>
  );
}
