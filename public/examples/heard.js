// Shows the messages that a page receives from its frames; greets frames without embed.js.
(function () {
  "use strict";
  const heard = document.getElementById("heard");
  const frames = () => [...document.querySelectorAll("iframe")];
  addEventListener("message", ({ source, data }) => {
    if (!data?.triage) return;
    const frame = frames().find((one) => one.contentWindow === source);
    if (frame && data.tell === "ready") source.postMessage({ triage: 1, id: "hello", ask: "hello" }, "*");
    if (frame && data.tell === "height" && !frame.style.height) frame.style.height = `${data.height}px`;
    heard.textContent = `${JSON.stringify(data).slice(0, 300)}\n${heard.textContent}`.slice(0, 4000);
  });
})();
