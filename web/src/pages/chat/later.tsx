import type { ComponentChild } from "preact";
import { t } from "../../i18n/catalogue";
import { Button } from "../../ui/button";
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
