/** A great many of everything, soon: by the API like all else, with the requests in a row on each of many connections. */
import { execFileSync } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import type { Json, Person } from "./api";
import type { Server } from "./server";

export interface Post {
  readonly by: Person;
  readonly path: string;
  readonly body: Json;
}

function written({ by, path, body }: Post): string {
  const json = JSON.stringify(body);
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${new URL(by.url).host}`,
    `X-Auth-Token: ${by.token}`,
    "Accept: application/json",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(json)}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${json}`;
}

/** One after the other, without waiting for the answers. */
async function postInOrder(url: string, posts: readonly Post[]): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("latin1");
  let unread = "";
  let answered = 0;
  const done = new Promise<void>((resolve, reject) => {
    socket.on("data", (part: string) => {
      unread += part;
      const statuses = [...unread.matchAll(/HTTP\/1\.1 (\d{3}) /g)];
      if (statuses.some(([, status]) => status !== "201")) reject(new Error(`a post was refused: ${unread.slice(0, 600)}`));
      answered += statuses.length;
      unread = unread.slice(unread.lastIndexOf("\r\n")); // a status line may have come in part
      if (answered === posts.length) resolve();
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error(`the server hung up after ${answered} answers`)));
  });
  socket.write(posts.map(written).join(""));
  try {
    await done;
  } finally {
    socket.destroy();
  }
}

/** In no certain order; 50,000 messages take a second or two. */
export async function postAll(url: string, posts: readonly Post[]): Promise<void> {
  const lanes = Math.min(48, posts.length);
  const everyNth = (lane: number) => posts.filter((_, at) => at % lanes === lane);
  await Promise.all(Array.from({ length: lanes }, (_, lane) => postInOrder(url, everyNth(lane))));
}

const words =
  "route tile bridge ferry graph edge weight turn detour cache shard index border tunnel lane toll bicycle walk slope night winter survey".split(" ");

/** Always the same for a number: some words, a second line now and then, code once in a while. */
export function sentence(no: number): string {
  const word = (at: number) => words[(no * 7 + at * at * 13) % words.length] ?? "";
  const line = `${no}: ${Array.from({ length: 4 + (no % 17) }, (_, at) => word(at)).join(" ")}.`;
  if (no % 41 === 0) return `${line}\n\n\`\`\`\nweight = ${no}\n\`\`\``;
  if (no % 13 === 0) return `${line}\nAnd **${word(3)}**, too.`;
  return line;
}

export async function postMessages(senders: readonly Person[], room: string, count: number): Promise<void> {
  const posts = Array.from({ length: count }, (_, at): Post | undefined => {
    const by = senders[at % senders.length];
    return by && { by, path: "/api/messages", body: { room, text: sentence(at + 1) } };
  });
  await postAll(senders[0]?.url ?? "", posts.filter((post) => post !== undefined));
}

// Each sign-up costs the hash of a password, on purpose: thousands of accounts are written where the server keeps them.
const accounts = `
import sqlite3, sys
file, count = sys.argv[1], int(sys.argv[2])
with sqlite3.connect(file) as database:
    database.execute("""
        WITH RECURSIVE numbers(no) AS (SELECT 1 UNION ALL SELECT no + 1 FROM numbers WHERE no < ?)
        INSERT INTO users (id, username, username_key, email, email_key, display_name, avatar, settings, password,
                           is_superuser, is_disabled, bot, created, last_seen)
        SELECT randomblob(12), printf('person-%04d', no), printf('person-%04d', no), '', NULL, printf('Person %d', no), '', '{}',
               '', 0, 0, 0, created, last_seen FROM numbers, (SELECT created, last_seen FROM users LIMIT 1)""", (count,))
`;

/** person-0001 and on, who never sign in. The server is stopped for it, and started again. */
export async function makeAccounts(server: Server, count: number): Promise<void> {
  await server.stop();
  execFileSync("python3", ["-c", accounts, join(server.data, "makechat.db"), String(count)]);
  await server.start();
}
