/** Something is under way that takes a moment. */
import { t } from "../words";
import { Page } from "./page";

export function Wait({ title }: { title: string }) {
  return (
    <Page title={title}>
      <p>{t("This takes a few seconds. If it takes longer, please check your network.")}</p>
      <progress aria-label={title} />
    </Page>
  );
}
