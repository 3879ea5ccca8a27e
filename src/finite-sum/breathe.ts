/**
 * Lets timers, events and rendering have their turn. A message rather than a timer, since browsers hold nested timers for
 * 4 ms and those of hidden pages for a second.
 */
export function breathe(): Promise<void> {
  if (typeof MessageChannel !== "function") return new Promise((resolve) => setTimeout(resolve));
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
