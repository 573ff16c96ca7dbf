import { Fragment } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../words";
import { CutPage } from "./cut";
import { Failed } from "./failed";
import { rehearsal } from "./joining/checks";
import { report } from "./joining/progress";
import { part } from "./part";
import { language, rememberedDevices, step } from "./state";
import { Wait } from "./wait";

/** The pages before the room are loaded by those who come from their link. */
const way = part(() => import("./joining/way"));
/** The room comes while one looks at oneself, or at once for who comes back. */
const inside = part(() => import("./inside"), "room");

export function App() {
  useEffect(report, []);
  const arriving = step.value === "arriving" && !rememberedDevices();
  const wanted = arriving || step.value === "landing" || step.value === "devices";
  useEffect(() => {
    if (wanted) way.load();
  }, [wanted]);
  const near = step.value === "devices" || step.value === "room" || rememberedDevices() !== null;
  useEffect(() => {
    if (near) inside.load();
  }, [near]);
  return <Fragment key={language.value}>{shown()}</Fragment>;
}

function shown() {
  switch (step.value) {
    case "failed":
      return <Failed />;
    case "cut":
      return <CutPage />;
    case "room":
      return <Inside />;
    case "arriving":
      return <Wait title={t("One moment, please")} />;
    case "landing":
    case "devices":
      return <Way devices={step.value === "devices"} />;
  }
}

function Way({ devices }: { devices: boolean }) {
  const pages = way.value.value;
  if (!pages) return <Wait title={t("One moment, please")} />;
  if (rehearsal.value === "tried") return <pages.Rehearsed />;
  return devices ? <pages.Devices /> : <pages.Landing />;
}

function Inside() {
  const room = inside.value.value;
  return room ? <room.Inside /> : <Wait title={t("Connecting")} />;
}
