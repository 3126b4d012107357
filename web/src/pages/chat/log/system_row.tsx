import { computed } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { ComponentChild } from "preact";
import type { MemberEntry, RoomEntry } from "../../../api/events";
import { language, rich, t } from "../../../i18n/catalogue";
import { clockTime, fullTime } from "../../../i18n/dates";
import { nameOf } from "../../../model/presence";
import { Icon } from "../../../ui/icon";
import type { IconName } from "../../../ui/icon";
import { useLog } from "./log_view";

interface SystemLineProps {
  readonly icon: IconName;
  readonly seq: number;
  readonly time: number | null;
  readonly children: ComponentChild;
}

const SystemLine = ({ icon, seq, time, children }: SystemLineProps) => (
  <div class="system" data-seq={seq}>
    <Icon name={icon} />
    <p>
      {children}
      {time !== null && (
        <time dateTime={new Date(time).toISOString()} title={fullTime(time)}>
          {clockTime(time)}
        </time>
      )}
    </p>
  </div>
);

interface MembersRowProps {
  readonly action: "join" | "leave";
  readonly entries: readonly MemberEntry[];
  readonly time: number | null;
}

/** So many are named; the others are a number until one asks. */
const namedMax = 2;

/** Who came, or who went, one after the other. */
export function MembersRow({ action, entries, time }: MembersRowProps) {
  const { chat } = useLog().services;
  const [isWhole, setWhole] = useState(false);
  useEffect(() => chat.wantUsers(entries.map((entry) => entry.user)), [chat, entries]);
  const names = useMemo(
    () => computed(() => entries.map((entry) => nameIn(chat.state.value.users.get(entry.user), entry.username)).join("\n")),
    [chat, entries],
  ).value.split("\n");
  // One more takes no more room than the words for it.
  const isFolded = !isWhole && names.length > namedMax + 1;
  const shown = isFolded ? names.slice(0, namedMax) : names;
  const people: ComponentChild[] = shown.map((name, index) => <b key={index}><bdi>{name}</bdi></b>);
  if (isFolded) {
    people.push(
      <button key="more" class="link" type="button" title={names.slice(namedMax).join(", ")} onClick={() => setWhole(true)}>
        {t("log.people_more", { n: names.length - namedMax })}
      </button>,
    );
  }
  const first = entries[0];
  return (
    <SystemLine icon={action === "join" ? "enter" : "exit"} seq={first?.seq ?? 0} time={time}>
      {rich(action === "join" ? "log.joined" : "log.left", { a: <>{listed(people)}</> })}
    </SystemLine>
  );
}

const nameIn = (person: Parameters<typeof nameOf>[0] | undefined, username: string): string =>
  person === undefined ? username : nameOf(person);

/** "Priya, Aiko and Tom", in the person's language and with elements for the names. */
function listed(elements: readonly ComponentChild[]): ComponentChild[] {
  // British English puts no comma before the last.
  const format = new Intl.ListFormat(language.value === "en" ? "en-GB" : language.value, { type: "conjunction" });
  const parts = format.formatToParts(elements.map((_, index) => String(index)));
  return parts.map(({ type, value }) => (type === "element" ? elements[Number(value)] : value));
}

interface RenamedRowProps {
  readonly entry: RoomEntry;
  readonly time: number | null;
}

/** The log tells who has done it by his id alone. */
export function RenamedRow({ entry, time }: RenamedRowProps) {
  const { chat } = useLog().services;
  useEffect(() => chat.wantUsers([entry.by]), [chat, entry.by]);
  const name = useMemo(
    () => computed(() => nameIn(chat.state.value.users.get(entry.by), "")),
    [chat, entry.by],
  ).value;
  const names = { x: <bdi>#{entry.was.name ?? ""}</bdi>, y: <b><bdi>#{entry.state.name ?? ""}</bdi></b> };
  return (
    <SystemLine icon="pencil" seq={entry.seq} time={time}>
      {name === "" ? rich("log.renamed_only", names) : rich("log.renamed", { ...names, a: <b><bdi>{name}</bdi></b> })}
    </SystemLine>
  );
}
