import type { ComponentChild } from "preact";
import { t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { EmptyState } from "../../ui/empty_state";
import { Lazy } from "../../ui/lazy";

interface LaterProps<Module> {
  readonly load: () => Promise<Module>;
  readonly children: (module: Module) => ComponentChild;
  readonly waiting: ComponentChild;
}

/** A part of the chat that is not there at first, for a room can be read without it. */
export const Later = <Module,>({ load, children, waiting }: LaterProps<Module>) => (
  <Lazy load={load} waiting={waiting} failed={<Outdated />}>
    {children}
  </Lazy>
);

const Outdated = () => (
  <EmptyState
    text={t("page.gone")}
    action={<Button onClick={() => location.reload()}>{t("act.reload")}</Button>}
  />
);

/** The same where what did not come is a dialog. */
export const MissingDialog = ({ onClose }: { readonly onClose: () => void }) => (
  <Dialog
    title={t("page.gone_title")}
    onClose={onClose}
    actions={
      <>
        <Button onClick={onClose}>{t("act.cancel")}</Button>
        <Button variant="primary" onClick={() => location.reload()}>
          {t("act.reload")}
        </Button>
      </>
    }
  >
    <p>{t("page.gone")}</p>
  </Dialog>
);
