/** Halden Maps on a Tuesday morning: what the pictures in the documentation show, and what axe looks at. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { signUp } from "./api";
import type { Person } from "./api";
import type { Server } from "./server";

const people = [
  ["marta", "Marta Ruiz"],
  ["denis", "Денис Орлов"],
  ["chenyu", "陈雨"],
  ["layla", "ليلى حداد"],
  ["tom", "Tom Okafor"],
  ["priya", "Priya Nair"],
  ["aiko", "Aiko Tanaka"],
  ["henrik", "Henrik Lund"],
  ["sam", "Sam Whitfield"],
] as const;
type Name = (typeof people)[number][0] | "olga";

const rooms = [
  ["announcements", "What everybody should know. Few words, please."],
  ["design", "How the map looks, in all weathers"],
  ["general", "Everything else"],
  ["incidents", "One thread per incident. Start with what people see."],
  ["support-ru", "Вопросы от пользователей из России и соседей"],
  ["tiles", "Vector tiles, caches, and the machines that make them"],
] as const;

const topic = "Shortest paths, tiles and everything that must answer in 50 ms. Releases on Mondays.";

/** Day before today, time of day, who, what. */
const talk: readonly (readonly [daysAgo: number, time: string, who: Name, text: string])[] = [
  [1, "16:58", "henrik", "The ferries to Bastø are back in the graph. Winter timetable until the end of March."],
  [1, "17:42", "marta", "Release 4.18 is tagged. I would like to roll it out on Monday morning: Europe first, America after lunch. Objections?"],
  [1, "17:45", "denis", "Я за. Только сначала прогоним миграцию на копии: в прошлый раз индекс строился 40 минут."],
  [1, "17:46", "denis", "Копия готова, доступ у всех есть."],
  [1, "17:51", "priya", "Two things before we do:\n\n1. `edge_weight` for Helsinki trams is still the one from May\n2. the detour around the **Svinesund bridge** ends on Sunday\n\n> All of it is in the release notes, so nobody has to remember it."],
  [0, "09:02", "marta", "4.18.0 is live in eu-1: finished in 3 min 12 s, no errors. p95 was 42 ms, is 39 ms now."],
  [0, "09:10", "chenyu", "东京节点的延迟从 42 毫秒降到 18 毫秒了 🎉 预热脚本如下，其他区域也可以用：\n\n```python\n# прогрев кэша / 缓存预热\nfor region in (\"tokyo-1\", \"eu-1\", \"us-2\"):\n    warm(region, zoom=range(3, 14), workers=8)\n```"],
  [0, "09:14", "layla", "ممتاز! سأختبر أسماء الشوارع العربية على النسخة الجديدة قبل الظهر."],
  [0, "09:31", "tom", "Tile latency in us-2 is above 300 ms since 09:26, the 99th percentile is at 412 ms."],
  [0, "09:33", "tom", "@olga the connection pool in us-2 looks full. Can you raise `pool_size`? Graph: https://grafana.halden.example/d/tiles"],
  [0, "09:34", "denis", "Похоже на прошлый четверг: 32 соединения и очередь. Смотрю вместе с тобой."],
];

export interface Halden {
  /** #routing-engine */
  readonly room: string;
  readonly people: ReadonlyMap<string, Person>;
  /** What the clock on the wall says. */
  readonly now: Date;
  /** They go home. */
  readonly end: () => void;
}

// The API knows no messages of yesterday.
const redate = `
import json, sqlite3, sys
file, times = sys.argv[1], json.loads(sys.argv[2])
with sqlite3.connect(file) as database:
    for message, time in times:
        database.execute("UPDATE messages SET created = ? WHERE id = ?", (time, bytes.fromhex(message)))
`;

function timeOf(daysAgo: number, time: string): number {
  const day = new Date(Date.now() - (daysAgo + 1) * 86_400_000).toISOString().slice(0, 10);
  return Date.parse(`${day}T${time}:00+01:00`);
}

async function talkInRooms(admin: Person, by: ReadonlyMap<string, Person>): Promise<void> {
  for (const [name, about] of rooms) {
    const room = await admin.createRoom(name, { topic: about });
    for (const person of by.values()) if (person !== admin) await person.join(room);
    if (name === "incidents") {
      await by.get("tom")?.post(room, "@olga us-2 again, I am on it");
      await by.get("tom")?.post(room, "@olga and eu-1 has the first signs of it");
    }
    if (name === "general") await by.get("aiko")?.post(room, "Cake in the kitchen.");
    if (name === "support-ru") await by.get("denis")?.post(room, "Паром снова на карте, спасибо.");
  }
  await admin.createRoom("hiring", { is_open: false, is_visible: false, topic: "Candidates, in confidence" });
  for (const name of ["aiko", "layla", "chenyu", "denis", "marta"]) await admin.direct(name);
  const direct = await admin.direct("denis");
  await by.get("denis")?.post(direct, "Есть минута?");
  await admin.direct("tom", "priya", "henrik");
  await by.get("marta")?.createRoom("book-club", {}).catch(() => undefined);
}

export async function seedHalden(server: Server, admin: Person): Promise<Halden> {
  await admin.ask("PATCH", "/api/users/me", { display_name: "Olga Sokolova" });
  const by = new Map<string, Person>([["olga", admin]]);
  for (const [name, shown] of people) {
    const person = await signUp(server.url, name);
    await person.ask("PATCH", "/api/users/me", { display_name: shown });
    by.set(name, person);
  }
  await talkInRooms(admin, by);
  const room = await admin.createRoom("routing-engine", { topic });
  for (const [name] of people) await admin.invite(room, name, name === "marta" ? "owner" : name === "sam" ? "guest" : "member");
  const times: (readonly [id: string, time: number])[] = [];
  let asked = "";
  for (const [daysAgo, time, who, text] of talk) {
    const posted = await by.get(who)?.post(room, text, text.startsWith("Похоже") ? { reply_to: asked } : {});
    if (posted === undefined) continue;
    if (text.startsWith("@olga")) asked = posted.id;
    if (who === "chenyu") await by.get(who)?.edit(posted.id, text.replace("东京节点", "东京的节点"));
    if (who === "layla") await admin.ask("PUT", `/api/rooms/${room}/read`, { seq: posted.seq });
    times.push([posted.id, timeOf(daysAgo, time)]);
  }
  await server.stop();
  execFileSync("python3", ["-c", redate, join(server.data, "makechat.db"), JSON.stringify(times)]);
  await server.start();
  const here = new AbortController();
  for (const name of ["marta", "denis", "chenyu", "tom", "priya"]) await by.get(name)?.listen(here.signal);
  return { room, people: by, now: new Date(timeOf(0, "09:36")), end: () => here.abort() };
}
