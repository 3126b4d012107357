// Made by vite/emoji_data.ts.
declare module "virtual:emoji/signs" {
  const lines: string;
  export default lines;
}
declare module "virtual:emoji/ru" {
  const lines: string;
  export default lines;
}
