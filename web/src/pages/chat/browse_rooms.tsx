export function BrowseRooms() {
  return <main class="main" tabIndex={-1} />;
}
