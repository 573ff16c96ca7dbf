import { render } from "preact";
import { speak, spoken, wantedLanguage } from "../words";
import { App } from "./app";
import { readAddress } from "./arrival";
import { begin } from "./journey";
import { restoreLarge } from "./large";
import { language } from "./state";
import "./talk/forgetting";

async function start(): Promise<void> {
  await speak(readAddress().lang ?? wantedLanguage(), "first");
  language.value = spoken();
  restoreLarge();
  const root = document.getElementById("seat") ?? document.body;
  root.replaceChildren();
  render(<App />, root);
  // The same page opened with a newer link only changes what stands after the #.
  window.addEventListener("hashchange", () => window.location.reload());
  await begin();
}

void start();
