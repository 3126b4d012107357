import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { rich, t } from "../../../i18n/catalogue";
import type { Key } from "../../../i18n/catalogue";
import { useLog } from "./log_view";

/** Before the first message of all: where one is, and who reads this. */
export function Beginning() {
  const view = useLog();
  const { state } = view.services.chat;
  const room = useMemo(() => computed(() => state.value.rooms.get(view.room)?.state), [state, view]).value;
  const people = useMemo(() => computed(() => state.value.rooms.get(view.room)?.membersTotal ?? 0), [state, view]).value;
  if (room == null) return null;
  return <p class="beginning">{room.kind === "direct" ? t(directKey(people)) : rich("room.begin", { room: <bdi>{room.name}</bdi> })}</p>;
}

function directKey(people: number): Extract<Key, `dm.${string}`> {
  if (people < 2) return "dm.begin_self";
  return people === 2 ? "dm.begin" : "dm.begin_many";
}
