/** Notes: the host's belong to the space they are in; anybody else's to themselves. */
import { Lock } from "lucide-preact";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { part } from "../part";
import { draft, keepDraft } from "./drafts";
import { useLater } from "./later";

const hosts = part(() => import("./host_notes"));

export function NotesPanel({ view }: { view: View }) {
  return view.hosting ? <Hosts view={view} /> : <OwnNotes />;
}

function Hosts({ view }: { view: View }) {
  const found = useLater(hosts);
  return found && <found.HostNotes view={view} />;
}

/** Of whoever else: a sheet of paper of their own, which never leaves their device. */
function OwnNotes() {
  return (
    <section class="talk" aria-label={t("Notes")}>
      <p class="talk-to" data-place="lobby">
        <Lock aria-hidden="true" />
        <strong>{t("Only you see this. It stays on this device until you close the page.")}</strong>
      </p>
      <label class="talk-write">
        {t("Your own notes")}
        <textarea
          rows={8}
          maxLength={5000}
          value={draft("own notes")}
          onInput={(event) => keepDraft("own notes", event.currentTarget.value)}
        />
      </label>
    </section>
  );
}
