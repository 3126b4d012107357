import { useState } from "preact/hooks";
import { t } from "../../../i18n/catalogue";
import type { LoadedRoom } from "../../../model/state";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { linkedText } from "./linked_text";

/** As much of the topic as the bar has room for; a press shows all of it. */
export function Topic({ room }: { readonly room: LoadedRoom }) {
  const [isOpen, setOpen] = useState(false);
  const { topic } = room.state;
  if (topic === "") return <span class="topic" />;
  return (
    <>
      <button
        class="topic cut"
        type="button"
        aria-haspopup="dialog"
        aria-label={t("bar.topic", { topic })}
        onClick={() => setOpen(true)}
      >
        <bdi>{topic}</bdi>
      </button>
      {isOpen && (
        <Dialog
          title={t("room.topic")}
          onClose={() => setOpen(false)}
          actions={
            <Button autofocus onClick={() => setOpen(false)}>
              {t("act.close")}
            </Button>
          }
        >
          <p class="whole-topic" dir="auto">
            {linkedText(topic)}
          </p>
        </Dialog>
      )}
    </>
  );
}
