// Converts a canvas drawing to SVG: while recording, each stroke and fill on the canvas is also written down. So the
// figure is drawn by the same code as the view.

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const round = (number) => Math.round(number * 100) / 100;

/** Records one canvas; `end()` stops and returns the SVG of the latest picture. */
export function record(canvas) {
  const context = canvas.getContext("2d");
  const ratio = canvas.width / canvas.clientWidth;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  let marks = [];
  let clips = [];
  let clip = ""; // the current clip path
  let kept = []; // stack of `save()`
  let path = [];

  const place = (x, y) => {
    const { a, b, c, d, e, f } = context.getTransform();
    return `${round((a * x + c * y + e) / ratio)} ${round((b * x + d * y + f) / ratio)}`;
  };
  const scale = () => Math.hypot(context.getTransform().a, context.getTransform().b) / ratio;
  const box = (x, y, w, h) => `M${place(x, y)}L${place(x + w, y)}L${place(x + w, y + h)}L${place(x, y + h)}Z`;
  const seen = () => (context.globalAlpha < 1 ? ` opacity="${round(context.globalAlpha)}"` : "");
  const put = (mark) => marks.push(clip ? mark.replace("/>", ` clip-path="url(#${clip})"/>`).replace("<text", `<text clip-path="url(#${clip})"`) : mark);
  const line = () => {
    const dash = context.getLineDash();
    const dashed = dash.length > 0 ? ` stroke-dasharray="${dash.map((one) => round(one * scale())).join(" ")}"` : "";
    const { lineCap, lineJoin, strokeStyle, lineWidth } = context;
    return `stroke="${escaped(strokeStyle)}" stroke-width="${round(lineWidth * scale())}" stroke-linecap="${lineCap}" stroke-linejoin="${lineJoin}"${dashed}`;
  };
  const words = (text, x, y, look) => {
    const anchor = { center: "middle", right: "end", end: "end" }[context.textAlign] ?? "start";
    const baseline = { middle: "central", top: "hanging", hanging: "hanging", bottom: "auto" }[context.textBaseline] ?? "auto";
    const [px, py] = place(x, y).split(" ");
    const font = escaped(context.font);
    put(`<text x="${px}" y="${py}" style="font: ${font}" text-anchor="${anchor}" dominant-baseline="${baseline}" ${look}${seen()}>${escaped(text)}</text>`);
  };

  /** What to record for each call; the canvas is drawn as usual. */
  const RECORDED = {
    setTransform() {
      [marks, clips, clip, kept, path] = [[], [], "", [], []]; // a new picture starts
    },
    save: () => kept.push(clip),
    restore: () => (clip = kept.pop() ?? ""),
    beginPath: () => (path = []),
    closePath: () => path.push("Z"),
    moveTo: (x, y) => path.push(`M${place(x, y)}`),
    lineTo: (x, y) => path.push(`L${place(x, y)}`),
    rect: (x, y, w, h) => path.push(box(x, y, w, h)),
    arc(x, y, radius, from, to) {
      const r = round(radius * scale());
      const at = (angle) => place(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
      const half = (from + to) / 2; // two arcs, because a single one can't be a full circle
      path.push(`${path.length ? "L" : "M"}${at(from)}A${r} ${r} 0 0 1 ${at(half)}A${r} ${r} 0 0 1 ${at(to)}`);
    },
    clip() {
      clip = `clip${clips.length}`;
      clips.push(`<clipPath id="${clip}"><path d="${path.join("")}"/></clipPath>`);
    },
    fill: () => put(`<path d="${path.join("")}" fill="${escaped(context.fillStyle)}"${seen()}/>`),
    stroke: () => put(`<path d="${path.join("")}" fill="none" ${line()}${seen()}/>`),
    fillRect: (x, y, w, h) => put(`<path d="${box(x, y, w, h)}" fill="${escaped(context.fillStyle)}"${seen()}/>`),
    fillText: (text, x, y) => words(text, x, y, `fill="${escaped(context.fillStyle)}"`),
    strokeText: (text, x, y) => words(text, x, y, `fill="none" ${line()}`),
  };
  for (const [name, write] of Object.entries(RECORDED)) {
    context[name] = (...given) => {
      if (name !== "setTransform" && name !== "restore") write(...given);
      const answer = CanvasRenderingContext2D.prototype[name].apply(context, given);
      if (name === "setTransform" || name === "restore") write(...given);
      return answer;
    };
  }

  return {
    end() {
      for (const name of Object.keys(RECORDED)) delete context[name];
      const defs = clips.length > 0 ? `<defs>${clips.join("")}</defs>` : "";
      return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${defs}${marks.join("")}</svg>`;
    },
  };
}
