import { useLayoutEffect } from "preact/hooks";
import { useSignalEffect } from "@preact/signals";
import { clock } from "../../../api/clock";
import { t } from "../../../i18n/catalogue";
import { dayHeading } from "../../../i18n/dates";
import type { Row } from "../../../model/grouping";
import { useLog } from "./log_view";
import type { LogView } from "./log_view";
import { MessageRow } from "./message_row";
import { OutboxRow } from "./outbox_row";
import { MembersRow, RenamedRow } from "./system_row";

/** All that is shown of the log. Rendered whenever it is another list, or is to be seen from another place. */
export function Rows() {
  const view = useLog();
  const rows = view.rows.value;
  useMoves(view);
  useLayoutEffect(() => view.arrange());
  useSignalEffect(() => view.readWhatIsSeen());
  useSignalEffect(() => view.followOwn());
  return <>{rows.map(rowOf)}</>;
}

/** Renders again when it may have become possible to go where one wanted to. */
function useMoves(view: LogView): void {
  useSignalEffect(() => {
    if (view.target.value !== null && view.log.isReading.value === "nothing") view.arrange();
  });
}

function rowOf(row: Row) {
  switch (row.kind) {
    case "day":
      return (
        <h2 key={row.key} class="day">
          {dayHeading(row.time, clock.now())}
        </h2>
      );
    case "new":
      return (
        <h2 key={row.key} class="day new">
          {t("log.new")}
        </h2>
      );
    case "message":
      return <MessageRow key={row.key} message={row.message} isFirst={row.isFirst} />;
    case "outbox":
      return <OutboxRow key={row.key} item={row.item} isFirst={row.isFirst} />;
    case "members":
      return <MembersRow key={row.key} action={row.action} entries={row.entries} time={row.time} />;
    case "renamed":
      return <RenamedRow key={row.key} entry={row.entry} time={row.time} />;
  }
}
