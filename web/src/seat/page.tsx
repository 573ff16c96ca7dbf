/** The frame of every page before and after the session: one thing to do, help in its place. */
import { ALargeSmall, Phone } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Lang, spoken, t } from "../words";
import { changeLanguage } from "./journey";
import { large, switchLarge } from "./large";
import { welcome } from "./state";

interface Props {
  title: string;
  icon?: ComponentChildren;
  /** Language can be changed only where nothing would be lost by drawing the page anew. */
  languages?: boolean;
  children: ComponentChildren;
}

export function Page({ title, icon, languages = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t("Heyi")}`;
    heading.current?.focus();
  }, [title]);
  return (
    <div class="page">
      <header class="page-head">
        <span class="brand">{t("Heyi")}</span>
        <nav class="page-tools" aria-label={t("How this page looks")}>
          {languages && <Languages />}
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
      <footer class="page-foot">
        <HelpLine />
      </footer>
    </div>
  );
}

export function HelpLine() {
  const phone = welcome.value?.help_phone || document.documentElement.dataset.helpPhone;
  if (!phone) return null;
  return (
    <p class="help-line">
      <Phone aria-hidden="true" />
      <span>{t("Help by telephone:")}</span> <a href={`tel:${phone}`}>{phone}</a>
    </p>
  );
}

function Languages() {
  const choice = (lang: Lang, name: string) => (
    <button
      type="button"
      lang={lang}
      aria-pressed={spoken() === lang}
      onClick={() => void changeLanguage(lang)}
    >
      {name}
    </button>
  );
  return (
    <>
      {choice("zh", "中文")}
      {choice("en", "English")}
    </>
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
