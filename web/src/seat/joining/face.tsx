/** The mediator's photo, where they show one publicly; else their letter. */
import { useState } from "preact/hooks";
import { t } from "../../words";
import { Avatar } from "../avatar";
import { welcome } from "../state";

export function HostFace({ name }: { name: string }) {
  const [missing, setMissing] = useState(false);
  const photo = welcome.value?.host_photo;
  if (!photo || missing) return <Avatar name={name} />;
  return (
    <img
      class="host-photo"
      src={photo}
      alt={t("Photo of %(name)s", { name })}
      onError={() => setMissing(true)}
    />
  );
}
