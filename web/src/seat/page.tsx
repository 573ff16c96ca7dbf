/** The frame of every page before and after the session: one thing to do, help in its place. */
import { ALargeSmall, Phone } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Lang, spoken, t } from "../words";
import { useEdge } from "./clear";
import { changeLanguage } from "./journey";
import { large, switchLarge, tight } from "./large";
import { turnedAway, welcome } from "./state";

interface Props {
  title: string;
  icon?: ComponentChildren;
  /** Language can be changed only where nothing would be lost by drawing the page anew. */
  languages?: boolean;
  children: ComponentChildren;
}

export function Page({ title, icon, languages = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const edge = useEdge<HTMLElement>("below");
  useEffect(() => {
    document.title = `${title} · ${t("Heyi")}`;
    heading.current?.focus();
  }, [title]);
  return (
    <div class="page">
      <header class="page-head">
        <span class="brand">{t("Heyi")}</span>
        <nav class="page-tools" aria-label={t("How this page looks")}>
          {languages && <OtherLanguage />}
          <LargeSwitch />
        </nav>
      </header>
      <main class="page-main">
        {icon && <div class="page-icon">{icon}</div>}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
      <footer class="page-foot" ref={edge}>
        <HelpLine short={tight.value} />
      </footer>
    </div>
  );
}

/** `short` where it has to share its line. */
export function HelpLine({ short = false }: { short?: boolean }) {
  const known = welcome.value ?? turnedAway.value;
  const phone = known?.help_phone || document.documentElement.dataset.helpPhone;
  if (!phone) return null;
  return (
    <p class="help-line">
      <Phone aria-hidden="true" />
      <span>{short ? t("Help:") : t("Help by telephone:")}</span>{" "}
      <a href={`tel:${phone}`}>{phone}</a>
    </p>
  );
}

function OtherLanguage() {
  const [lang, name]: [Lang, string] = spoken() === "zh" ? ["en", "English"] : ["zh", "中文"];
  return (
    <button type="button" lang={lang} onClick={() => void changeLanguage(lang)}>
      {name}
    </button>
  );
}

export function LargeSwitch() {
  return (
    <button type="button" aria-pressed={large.value} onClick={() => switchLarge(!large.value)}>
      <ALargeSmall aria-hidden="true" />
      {t("Large text")}
    </button>
  );
}
