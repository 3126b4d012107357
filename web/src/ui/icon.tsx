import type { JSX } from "preact";

/** On a 16 px grid, drawn with a 1.5 px line in the colour of the text. */
const shapes = {
  alert: () => (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 5v3.5M8 11h.01" />
    </>
  ),
  at: () => (
    <>
      <circle cx="8" cy="8" r="2.4" />
      <path d="M10.4 5.75v3c0 1 .6 1.6 1.5 1.6 1.1 0 1.85-1 1.85-2.6A5.75 5.75 0 1 0 11 13" />
    </>
  ),
  bell: () => <path d="M4.5 6.5C4.5 4 6 2.5 8 2.5s3.5 1.5 3.5 4c0 3 1.25 4.25 1.25 4.25h-9.5S4.5 9.5 4.5 6.5ZM6.75 13.25h2.5" />,
  bell_off: () => (
    <path d="M4.5 6.5C4.5 4 6 2.5 8 2.5s3.5 1.5 3.5 4c0 3 1.25 4.25 1.25 4.25h-9.5M6.75 13.25h2.5M2.5 2.5l11 11" />
  ),
  check: () => <path d="m3 8.5 3.25 3.25L13 5" />,
  clock: () => (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 4.75V8l2 1.5" />
    </>
  ),
  compass: () => (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="m10.5 5.5-1.6 3.4-3.4 1.6 1.6-3.4 3.4-1.6Z" />
    </>
  ),
  compose: () => (
    <path d="M8.5 3H4.25C3.5 3 3 3.5 3 4.25v7.5c0 .75.5 1.25 1.25 1.25h7.5c.75 0 1.25-.5 1.25-1.25V7.5M6.5 9.5l.4-1.7 5-5a1 1 0 0 1 1.4 1.4l-5 5-1.8.3Z" />
  ),
  copy: () => (
    <>
      <rect x="5.75" y="5.75" width="7.5" height="7.5" rx="1.5" />
      <path d="M10.25 3.5c-.1-.5-.5-.75-1-.75h-5c-.9 0-1.5.6-1.5 1.5v5c0 .5.25.9.75 1" />
    </>
  ),
  device: () => (
    <>
      <rect x="2.5" y="3" width="11" height="7.5" rx="1.25" />
      <path d="M6 13.25h4M8 10.5v2.75" />
    </>
  ),
  down: () => <path d="m4 6.25 4 4 4-4" />,
  end: () => <path d="M8 3v9.5M4 8.75l4 4 4-4" />,
  enter: () => (
    <path d="M9 2.75h3c.8 0 1.25.45 1.25 1.25v8c0 .8-.45 1.25-1.25 1.25H9M2.5 8h7M7 5.25 9.75 8 7 10.75" />
  ),
  exit: () => (
    <path d="M7 2.75H4c-.8 0-1.25.45-1.25 1.25v8c0 .8.45 1.25 1.25 1.25h3M6.5 8h7M10.75 5.25 13.5 8l-2.75 2.75" />
  ),
  eye: () => (
    <>
      <path d="M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8Z" />
      <circle cx="8" cy="8" r="2" />
    </>
  ),
  gear: () => (
    <>
      <path d="M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6" />
      <circle cx="10.25" cy="5" r="1.75" />
      <circle cx="5.75" cy="11" r="1.75" />
    </>
  ),
  globe: () => (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M2.5 8h11M8 2.25c3 3.5 3 8 0 11.5-3-3.5-3-8 0-11.5Z" />
    </>
  ),
  hash: () => <path d="M6.25 2.75 5 13.25M11 2.75l-1.25 10.5M3 5.9h10.5M2.5 10.1H13" />,
  key: () => (
    <>
      <circle cx="5.25" cy="10.75" r="2.75" />
      <path d="m7.25 8.75 5.5-5.5M10.5 5.5l2 2" />
    </>
  ),
  left: () => <path d="m9.75 3.5-4.5 4.5 4.5 4.5" />,
  link: () => (
    <path d="M6.75 9.25a2.75 2.75 0 0 0 4 .1l2-2a2.8 2.8 0 0 0-4-4l-.9.9M9.25 6.75a2.75 2.75 0 0 0-4-.1l-2 2a2.8 2.8 0 0 0 4 4l.9-.9" />
  ),
  lock: () => (
    <>
      <rect x="3.25" y="7" width="9.5" height="6.5" rx="1.5" />
      <path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2" />
    </>
  ),
  more: () => <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.25" />,
  pencil: () => <path d="m3 13 .6-2.7 7-7a1.4 1.4 0 0 1 2.1 2.1l-7 7L3 13Z" />,
  people: () => (
    <>
      <circle cx="6" cy="5.5" r="2.5" />
      <path d="M1.5 13c.3-2.6 2-4 4.5-4s4.2 1.4 4.5 4M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12 9.4c1.5.5 2.3 1.7 2.5 3.6" />
    </>
  ),
  plus: () => <path d="M8 3v10M3 8h10" />,
  reply: () => <path d="M6.25 3.5 2.5 7.25 6.25 11M2.75 7.25h6.5c2.7 0 4.25 1.6 4.25 5" />,
  retry: () => <path d="M13 8a5 5 0 1 1-1.6-3.7M13.25 2.5v3h-3" />,
  right: () => <path d="m6.25 3.5 4.5 4.5-4.5 4.5" />,
  search: () => (
    <>
      <circle cx="7" cy="7" r="4.25" />
      <path d="m10.25 10.25 3.25 3.25" />
    </>
  ),
  send: () => <path d="M8 13V3.5M3.75 7.5 8 3.25l4.25 4.25" />,
  server: () => (
    <>
      <rect x="2.5" y="2.75" width="11" height="4.5" rx="1.25" />
      <rect x="2.5" y="8.75" width="11" height="4.5" rx="1.25" />
      <path d="M5 5h.01M5 11h.01" />
    </>
  ),
  shield: () => <path d="M8 2.25 3.25 4v3.5c0 3 1.9 5.1 4.75 6.25 2.85-1.15 4.75-3.25 4.75-6.25V4L8 2.25Z" />,
  smile: () => (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M5.5 9.5c.6 1 1.4 1.5 2.5 1.5s1.9-.5 2.5-1.5M6 6.25h.01M10 6.25h.01" />
    </>
  ),
  theme: () => (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 2.25v11.5a5.75 5.75 0 0 0 0-11.5Z" fill="currentColor" />
    </>
  ),
  trash: () => <path d="M2.75 4.5h10.5M6.25 4.25v-1.5h3.5v1.5M4.25 4.75l.6 8.5h6.3l.6-8.5" />,
  up: () => <path d="m4 9.75 4-4 4 4" />,
  user: () => (
    <>
      <circle cx="8" cy="5.25" r="2.75" />
      <path d="M2.75 13.5c.4-2.8 2.4-4.25 5.25-4.25s4.85 1.45 5.25 4.25" />
    </>
  ),
  x: () => <path d="m4 4 8 8M12 4l-8 8" />,
} satisfies Record<string, () => JSX.Element>;

export type IconName = keyof typeof shapes;

/** Never a name of its own: the words stand beside it, or on the button around it. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    {shapes[name]()}
  </svg>
);

/** makechat's own sign. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 22 22" aria-hidden="true">
    <path
      d="M5 2.5h12A2.5 2.5 0 0 1 19.5 5v9a2.5 2.5 0 0 1-2.5 2.5h-6.2L6.5 20v-3.5H5A2.5 2.5 0 0 1 2.5 14V5A2.5 2.5 0 0 1 5 2.5Z"
      fill="currentColor"
    />
    <path class="mark-lines" d="M6.5 6.5h6M6.5 9.5h9M6.5 12.5h4" />
  </svg>
);
