/** The real program, on a port and a folder of its own. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { patience } from "./patience";

const program = process.env["MAKECHAT_BIN"] ?? join(import.meta.dirname, "../../../build/release/makechat");

/** Flags of `makechat serve`, without the dashes: {"server-name": "Halden Maps"}. */
export type Settings = Readonly<Record<string, string>>;

// Tests go faster than people do; the tests of the limits set their own.
const unthrottled: Settings = {
  "rate-limit-login": "off",
  "rate-limit-register": "off",
  "rate-limit-write": "off",
  "rate-limit-read": "off",
};

/** Nothing that whoever runs the tests has set reaches the program. */
function environment(home: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(MAKECHAT_|XDG_)/.test(name));
  return { ...Object.fromEntries(own), HOME: home, TZ: "UTC" };
}

// A test that is given up leaves none behind.
const alive = new Set<ChildProcess>();
process.on("exit", () => alive.forEach((child) => child.kill("SIGKILL")));

export class Server {
  private child: ChildProcess | null = null;
  private said = "";
  private port = 0;

  /** `folder` keeps its data and its log; it may hold the data of a server before. */
  constructor(
    private readonly folder: string,
    private readonly settings: Settings = {},
  ) {
    mkdirSync(folder, { recursive: true });
  }

  get data(): string {
    return join(this.folder, "data");
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** As printed while there is no admin. */
  get setUpLink(): string {
    const [link] = /http:\/\/\S+\/setup#\S+/.exec(this.said) ?? [];
    if (link === undefined) throw new Error(`the server has printed no link:\n${this.said}`);
    return link;
  }

  /** Returns when it listens: on a free port at first, and on the same one when it is started again. */
  async start(): Promise<this> {
    const flags = Object.entries({ ...unthrottled, ...this.settings }).flatMap(([name, value]) => [`--${name}`, value]);
    const place = ["--listen", `127.0.0.1:${this.port}`, "--data", this.data];
    const child = spawn(program, ["serve", ...place, ...flags], { env: environment(this.folder), cwd: this.folder });
    this.child = child;
    this.said = "";
    alive.add(child);
    child.once("exit", () => alive.delete(child));
    this.port = await new Promise<number>((listens, fails) => {
      const giveUp = (why: string) => () => fails(new Error(`the server ${why}:\n${this.said.slice(-4000)}`));
      const timer = setTimeout(giveUp("does not say that it listens"), 20_000 * patience);
      child.once("error", fails);
      child.once("exit", giveUp("has ended"));
      const hear = (words: Buffer) => {
        this.said += words.toString();
        appendFileSync(join(this.folder, "serve.log"), words);
        const [, port] = /listens on \S+:(\d+)/.exec(this.said) ?? [];
        if (port === undefined) return;
        clearTimeout(timer);
        listens(Number(port));
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
    });
    return this;
  }

  /** kill -9: no goodbye. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** As systemd does it. Fails where the program had ended before, or does not end well. */
  async stop(): Promise<void> {
    const child = await this.end("SIGTERM");
    if (child === null || child.exitCode === 0) return;
    throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${this.said.slice(-4000)}`);
  }

  private async end(signal: NodeJS.Signals): Promise<ChildProcess | null> {
    const child = this.child;
    this.child = null;
    if (child === null) return null;
    if (child.exitCode !== null || child.signalCode !== null) return child;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
    return child;
  }
}
