/* 朗读本页: reads the main part, sentence by sentence (long utterances are cut off by browsers). */
"use strict";

(() => {
  const box = document.querySelector("[data-read-aloud]");
  const speech = window.speechSynthesis;
  if (!box || !speech) return;
  const button = box.querySelector("button");
  const words = button.querySelector("[data-start]");
  const BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, legend, label, th, td, summary, figcaption";
  let run = 0;

  /* The browser may speak, but not Chinese: then the offer would be an empty one. */
  function show() {
    const voices = speech.getVoices();
    box.hidden = voices.length > 0 && !voices.some((voice) => /^(zh|cmn)/i.test(voice.lang));
  }

  function sentences() {
    const texts = [];
    for (const element of document.querySelector("main").querySelectorAll(BLOCKS)) {
      if (element.querySelector(BLOCKS) || element.closest("[data-read-aloud], [data-no-read]")) continue;
      if (!element.checkVisibility || element.checkVisibility()) {
        texts.push(...element.innerText.split(/(?<=[。！？；!?;\n])/));
      }
    }
    return texts.map((text) => text.trim()).filter(Boolean);
  }

  function set(speaking) {
    button.setAttribute("aria-pressed", String(speaking));
    words.textContent = speaking ? words.dataset.stop : words.dataset.start;
  }

  function stop() {
    run += 1;
    speech.cancel();
    set(false);
  }

  function speak(texts, mine) {
    if (mine !== run) return;
    const text = texts.shift();
    if (!text) return set(false);
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = "zh-CN";
    utterance.rate = 0.9;
    utterance.voice = speech.getVoices().find((voice) => /^zh[-_]CN/i.test(voice.lang)) || null;
    utterance.onend = () => speak(texts, mine);
    utterance.onerror = () => { if (mine === run) stop(); };
    speech.speak(utterance);
  }

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") return stop();
    stop();
    set(true);
    speak(sentences(), run);
  });
  window.addEventListener("pagehide", stop);
  speech.addEventListener?.("voiceschanged", show);
  show();
})();
