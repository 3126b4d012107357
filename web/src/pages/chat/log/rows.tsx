import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { t } from "../../../i18n/catalogue";
import { dayHeading } from "../../../i18n/dates";
import type { Row } from "../../../model/grouping";
import { useClock } from "../../../ui/time";
import { useLog } from "./log_view";
import { MessageRow } from "./message_row";
import { OutboxRow } from "./outbox_row";
import { MembersRow, RenamedRow } from "./system_row";

/** All that is shown of the log. Where one wants to go there, that may be possible when the rows are others or reading is over. */
export function Rows() {
  const view = useLog();
  const rows = view.rows.value;
  const target = view.target.value;
  const reading = view.log.isReading.value;
  useLayoutEffect(() => view.arrange(), [view, rows, target, reading]);
  useEffect(() => view.watch(), [view]);
  const today = useToday();
  return <>{rows.map((row) => rowOf(row, today))}</>;
}

/** The present day, by some moment of it: what was written "today" is of yesterday after midnight. */
function useToday(): number {
  const clock = useClock();
  const [today, setToday] = useState(() => clock.now());
  useEffect(() => clock.after(new Date(today).setHours(24, 0, 0, 0) - today, () => setToday(clock.now())), [clock, today]);
  return today;
}

function rowOf(row: Row, today: number) {
  switch (row.kind) {
    case "day":
      return (
        <h2 key={row.key} class="day">
          {dayHeading(row.time, today)}
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
