/* Drawn signature around signature_pad. The hidden field gets a PNG data URL; typing the
   name instead is always possible, and is all there is without JavaScript. */
"use strict";

(() => {
  const Pad = window.SignaturePad;
  if (!Pad) return;

  for (const root of document.querySelectorAll("[data-signature]")) {
    const find = (name) => root.querySelector(`[data-signature-${name}]`);
    const field = root.querySelector("input[type='hidden']");
    const [draw, typed, back] = [find("draw"), find("typed"), find("back")];
    const [hint, state] = [find("hint"), find("state")];
    const canvas = root.querySelector("canvas");
    const name = typed.querySelector("input");
    const pad = new Pad(canvas, { minWidth: 1.2, maxWidth: 3.4, penColor: "#000" });

    /* The canvas follows the screen; strokes are kept when the phone is turned. */
    function fit() {
      const { width, height } = canvas.getBoundingClientRect();
      if (!width || canvas.dataset.size === `${width}x${height}`) return;
      const strokes = pad.toData();
      const before = Number(canvas.dataset.width) || width;
      const ratio = Math.max(window.devicePixelRatio || 1, 1);
      canvas.dataset.size = `${width}x${height}`;
      canvas.dataset.width = String(width);
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      const scale = width / before;
      pad.fromData(strokes.map((stroke) => ({
        ...stroke,
        points: stroke.points.map((point) => ({ ...point, x: point.x * scale, y: point.y * scale })),
      })));
    }

    /* Black strokes on white, cut to what was drawn, so that it prints. */
    function picture() {
      const points = pad.toData().flatMap((stroke) => stroke.points);
      const xs = points.map((point) => point.x);
      const ys = points.map((point) => point.y);
      const edge = 12;
      const left = Math.min(...xs) - edge;
      const top = Math.min(...ys) - edge;
      const width = Math.max(...xs) + edge - left;
      const height = Math.max(...ys) + edge - top;
      const ratio = canvas.width / canvas.getBoundingClientRect().width;
      const scale = Math.min(1, 800 / (width * ratio), 400 / (height * ratio));
      const copy = document.createElement("canvas");
      copy.width = Math.ceil(width * ratio * scale);
      copy.height = Math.ceil(height * ratio * scale);
      const context = copy.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, copy.width, copy.height);
      context.drawImage(canvas, left * ratio, top * ratio, width * ratio, height * ratio,
        0, 0, copy.width, copy.height);
      return copy.toDataURL("image/png");
    }

    /* A page that comes back with errors still holds the signature: it is shown again. */
    const earlier = document.createElement("img");
    earlier.className = "signature__earlier";
    earlier.alt = "";
    function showEarlier() {
      if (!field.value.startsWith("data:image/png")) return;
      earlier.src = field.value;
      canvas.before(earlier);
      hint.hidden = true;
      state.textContent = state.dataset.signed;
    }

    function changed() {
      earlier.remove();
      const empty = pad.isEmpty();
      field.value = empty ? "" : picture();
      hint.hidden = !empty;
      state.textContent = empty ? state.dataset.empty : state.dataset.signed;
    }

    function use(drawing) {
      draw.hidden = !drawing;
      typed.hidden = drawing;
      back.hidden = drawing;
      if (drawing) {
        name.value = "";
        fit();
      } else {
        pad.clear();
        changed();
      }
    }

    pad.addEventListener("beginStroke", () => earlier.remove());
    pad.addEventListener("endStroke", changed);
    find("undo").addEventListener("click", () => {
      pad.fromData(pad.toData().slice(0, -1));
      changed();
    });
    find("clear").addEventListener("click", () => { pad.clear(); changed(); });
    find("type").addEventListener("click", () => { use(false); name.focus(); });
    back.addEventListener("click", () => { use(true); find("clear").focus(); });
    new ResizeObserver(fit).observe(canvas);
    use(!name.value && !typed.querySelector(".field--error"));
    showEarlier();
  }
})();
