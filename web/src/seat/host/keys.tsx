/** Single keys for what a host does most: they press the button that says the same. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { Dialog } from "../dialog";
import { sides } from "../people";
import { kept } from "./kept";

/** They can be switched off: who dictates, or types with a switch, would press them unawares. */
const keys = kept("heyi.host.keys", ["on", "off"]);

/** The button in here is pressed by this key. */
export function ByKey({ letter, children }: { letter: string; children: ComponentChildren }) {
  return (
    <span class="by-key" data-key={letter}>
      {children}
    </span>
  );
}

export function useKeys(): void {
  useEffect(() => {
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

function press(event: KeyboardEvent): void {
  if (keys.value.peek() === "off" || !meant(event)) return;
  const place = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  const button = place?.querySelector<HTMLButtonElement>("button:not(:disabled)");
  if (!button) return;
  event.preventDefault();
  button.click();
}

/** Not while somebody writes, chooses, or answers a question, and not with another key held. */
export function meant(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) {
    return false;
  }
  const at = event.target instanceof Element ? event.target : null;
  if (at?.closest("input, textarea, select, [contenteditable], dialog")) return false;
  return document.querySelector("dialog[open]") === null;
}

export function KeysDialog({ view, onClose }: { view: View; onClose: () => void }) {
  const list: [string, string][] = [
    ["M", t("Microphone on or off")],
    ["V", t("Camera on or off")],
    ["Q", t("Everyone quiet")],
    ["P", t("Break")],
    ...sides(view.board ?? []).map(({ side }, n): [string, string] => [
      String(n + 1),
      t("Private %(side)s", { side }),
    ]),
    ["J", view.shuttle_only ? t("Back to my room") : t("Back to joint")],
    ["L", t("Lock the door")],
  ];
  return (
    <Dialog title={t("Keys")} onClose={onClose}>
      <dl class="keys">
        {list.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="soft">{t("They do nothing while you write or a question is open.")}</p>
      <label class="choice">
        <input
          type="checkbox"
          checked={keys.value.value === "on"}
          onChange={(event) => keys.choose(event.currentTarget.checked ? "on" : "off")}
        />
        {t("Use these keys")}
      </label>
      <div class="dialog-actions">
        <button type="button" class="main" onClick={onClose}>
          {t("Close")}
        </button>
      </div>
    </Dialog>
  );
}
