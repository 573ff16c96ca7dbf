/** The agenda as the host writes it: kept with every change. */
import { ArrowUp, Plus, Trash2 } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../words";
import { connected } from "../state";
import { Points } from "./agenda";
import { begin, change, choose, items, mine, theirs } from "./agenda_saving";
import type { Item } from "./lists";

const LONGEST = 200;

export function Editor() {
  useEffect(begin, []);
  const now = items();
  const other = theirs.value;
  const off = other !== null;
  return (
    <>
      {other && (
        <div class="notice notice-attention" role="alert">
          <p>{t("Somebody else has changed the agenda meanwhile. Theirs:")}</p>
          <Points items={other.content} />
          <div class="talk-actions">
            <button type="button" onClick={() => choose(false)}>
              {t("Take theirs")}
            </button>
            <button type="button" onClick={() => choose(true)}>
              {t("Keep mine")}
            </button>
          </div>
        </div>
      )}
      <ol class="agenda-edit">
        {now.map((item, n) => (
          <Point
            key={n}
            item={item}
            n={n}
            off={off}
            onChange={(to) => change(now.map((one, at) => (at === n ? to : one)))}
            onRemove={() => change(now.filter((_, at) => at !== n))}
            onUp={() => change(raised(now, n))}
          />
        ))}
      </ol>
      <NewPoint off={off} onAdd={(text) => change([...now, { text, done: false }])} />
      {mine.value !== null && !connected.value && (
        <p class="soft">
          {t("Not kept yet. It is kept when the connection is back; you can go on typing.")}
        </p>
      )}
    </>
  );
}

interface PointProps {
  item: Item;
  n: number;
  off: boolean;
  onChange: (item: Item) => void;
  onRemove: () => void;
  onUp: () => void;
}

function Point({ item, n, off, onChange, onRemove, onUp }: PointProps) {
  const [text, setText] = useState(item.text);
  useEffect(() => setText(item.text), [item.text]);
  const num = n + 1;
  const done = () => {
    const tidy = text.trim();
    if (tidy && tidy !== item.text) onChange({ ...item, text: tidy });
    else setText(item.text);
  };
  return (
    <li>
      <label class="tick">
        <input
          type="checkbox"
          checked={item.done}
          disabled={off}
          aria-label={t("Talked about: %(text)s", { text: item.text })}
          onChange={(event) => onChange({ ...item, done: event.currentTarget.checked })}
        />
      </label>
      <input
        value={text}
        maxLength={LONGEST}
        readOnly={off}
        aria-label={t("Point %(num)s", { num })}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.isComposing) done();
        }}
      />
      <div class="agenda-tools">
        <button
          type="button"
          class="small"
          disabled={off || n === 0}
          onClick={onUp}
          aria-label={t("Point %(num)s: up", { num })}
        >
          <ArrowUp aria-hidden="true" />
          {t("Up")}
        </button>
        <button
          type="button"
          class="small"
          disabled={off}
          onClick={onRemove}
          aria-label={t("Point %(num)s: delete", { num })}
        >
          <Trash2 aria-hidden="true" />
          {t("Delete")}
        </button>
      </div>
    </li>
  );
}

function NewPoint({ off, onAdd }: { off: boolean; onAdd: (text: string) => void }) {
  const [text, setText] = useState("");
  return (
    <form
      class="agenda-new"
      onSubmit={(event) => {
        event.preventDefault();
        const tidy = text.trim();
        if (!tidy || off) return;
        onAdd(tidy);
        setText("");
      }}
    >
      <input
        value={text}
        maxLength={LONGEST}
        aria-label={t("New point")}
        placeholder={t("New point")}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" disabled={off}>
        <Plus aria-hidden="true" />
        {t("Add")}
      </button>
    </form>
  );
}

export function raised(items: readonly Item[], n: number): Item[] {
  const moved = items[n];
  if (!moved || n === 0) return [...items];
  return [...items.slice(0, n - 1), moved, ...items.slice(n - 1, n), ...items.slice(n + 1)];
}
