// The one line for other sites: a button that opens the chat in a frame, and a way to leave the whole page at once.
// Before the click it asks nothing and keeps nothing. It touches no element but its own. docs/embed.md is its contract.
(function () {
  "use strict";
  var script = document.currentScript;
  var waiting = window.havenChat;
  if (!script || waiting && waiting.open) { return; }
  var set = script.dataset;
  var home = new URL(script.src).origin;
  var exit = /^https?:\/\//.test(set.exitUrl || "") ? set.exitUrl : "https://www.bbc.co.uk/weather";
  var name = set.label || "Chat";
  var side = set.position === "left" ? "left" : "right";
  var listeners = {};
  var presses = [];
  var root, launcher, panel, late, frame, ready, left, gone;

  // Every rule is bound to our own element and important, so that no rule of the page reaches in and none of ours out.
  var looks = [
    ["", "all:initial;display:block;position:relative;z-index:2147483647"],
    [" *", "all:initial;box-sizing:border-box;color:inherit;font:600 17px/1.4 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"],
    [" button", "display:inline-block;min-height:44px;padding:8px 18px;border:2px solid transparent;border-radius:22px;text-align:center;cursor:pointer"],
    [" button:hover", "text-decoration:underline"],
    [" :focus-visible", "outline:3px solid #b3470b;outline-offset:2px"],
    [" .launcher", "position:fixed;bottom:16px;" + side + ":16px;max-width:80vw;background:#1f5f6b;color:#fff;box-shadow:0 2px 10px rgba(0,0,0,.3)"],
    [" .panel", "position:fixed;bottom:16px;" + side + ":16px;width:400px;height:660px;max-width:calc(100vw - 32px);max-height:calc(100vh - 32px);" +
      "display:flex;flex-direction:column;background:#fff;color:#1d2b2f;border:1px solid #51636a;border-radius:14px;overflow:hidden;box-shadow:0 6px 30px rgba(0,0,0,.35)"],
    [" .bar", "flex:none;display:flex;justify-content:space-between;gap:8px;padding:6px;border-bottom:1px solid #51636a"],
    [" .leave", "background:#8a3d2c;color:#fff"],
    [" .close", "background:#fff;color:#1f5f6b;border-color:#1f5f6b"],
    [" .late", "display:block;padding:12px;font-weight:400;text-align:center"],
    [" a", "color:#1f5f6b;display:inline-block;min-height:24px;text-decoration:underline;cursor:pointer"],
    [" iframe", "display:block;flex:1;min-height:0;width:100%"],
    [" .cover", "display:block;position:fixed;top:0;left:0;width:100vw;height:100vh;background:#fff"],
    ["@media(max-width:480px),(max-height:520px)", " .panel", "top:0;bottom:0;left:0;right:0;width:100%;height:100%;max-width:none;max-height:none;border:0;border-radius:0"],
    ["@media(prefers-color-scheme:dark)", " .panel", "background:#1b2528;color:#e9eff0"],
    ["@media(prefers-color-scheme:dark)", " .close", "background:#1b2528;color:#7cc4d0;border-color:#7cc4d0"],
    ["@media(prefers-color-scheme:dark)", " a", "color:#7cc4d0"],
    ["@media(prefers-color-scheme:dark)", " .cover", "background:#12191b"],
    ["@media(forced-colors:active)", " button", "border-color:ButtonText"],
    ["@media print", "", "display:none"],
    [" style,#haven-chat .gone,#haven-chat [hidden]", "display:none"]
  ].map(function (rule) {
    var media = rule.length > 2 ? rule.shift() : "";
    var put = "#haven-chat" + rule[0] + "{" + rule[1].replace(/;|$/g, "!important;") + "}";
    return media ? media + "{" + put + "}" : put;
  }).join("");

  function make(kind, className, words) {
    var made = document.createElement(kind);
    made.className = className;
    if (words) { made.textContent = words; }
    if (kind === "button") { made.type = "button"; }
    return made;
  }
  // What listeners are told: which event, for which service, on which topic the page itself named. Nothing else.
  function emit(event) {
    (listeners[event] || []).forEach(function (listener) {
      try { listener({ event: event, service: set.service || "", context: set.context || "" }); } catch (error) { setTimeout(function () { throw error; }); }
    });
  }
  function send(what) { frame.contentWindow.postMessage("haven:" + what, home); }
  function lateOrNot() { late.hidden = Boolean(ready); }
  function isIn() { return document.activeElement === frame; }

  function fill() {
    var address = new URL("/embed", home);
    address.searchParams.set("service", set.service || "");
    address.searchParams.set("lang", set.lang || "");
    address.searchParams.set("parent", window.location.origin);
    frame = make("iframe", "");
    frame.title = name;
    frame.referrerPolicy = "no-referrer";
    frame.addEventListener("load", function () { setTimeout(lateOrNot, 2000); });
    setTimeout(lateOrNot, 10000);
    frame.src = address.href;
    panel.appendChild(frame);
  }
  function open() {
    if (!panel || left || !panel.hidden) { return; }
    panel.hidden = false;
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    if (!frame) { fill(); }
    frame.focus();
    if (ready) { send("focus"); }
    emit("open");
  }
  function close() {
    if (!panel || left || panel.hidden) { return; }
    panel.hidden = true;
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
    emit("close");
  }
  // Blank at once; the frame ends the chat and says so, and then the page is replaced, with no way back and no referrer.
  function leave() {
    if (left) { return; }
    left = true;
    root.appendChild(make("div", "cover"));
    panel.classList.add("gone");
    emit("leave");
    if (ready) { send("leave"); }
    setTimeout(go, ready ? 150 : 0);
  }
  function go() {
    if (gone) { return; }
    gone = true;
    var policy = document.createElement("meta");
    policy.name = "referrer";
    policy.content = "no-referrer";
    document.head.appendChild(policy);
    window.location.replace(exit);
  }

  window.addEventListener("message", function (event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home) { return; }
    if (event.data === "haven:ready") {
      ready = true;
      lateOrNot();
      if (isIn()) { send("focus"); }
      emit("ready");
    }
    if (event.data === "haven:start") { emit("start"); }
    if (event.data === "haven:close") { close(); }
    if (event.data === "haven:leave") {
      leave();
      go();
    }
  });
  // In the capture phase: a page that keeps its keys to itself must not keep this one.
  window.addEventListener("keyup", function (event) {
    if (!frame) { return; }
    if (event.key !== "Shift") { presses = []; return; }
    var now = Date.now();
    presses = presses.filter(function (at) { return now - at < 5000; }).concat(now);
    if (presses.length >= 3) { leave(); }
  }, true);
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted || !frame) { return; }
    if (left) { window.location.reload(); return; }
    frame.remove();
    frame = ready = null;
    close();
  });

  function build() {
    root = document.createElement("div");
    root.lang = set.lang || "en";
    root.id = "haven-chat";
    // A sheet that script makes is let be by a strict policy of the page; an element of style would not be.
    try {
      var sheet = new CSSStyleSheet();
      sheet.replaceSync(looks);
      document.adoptedStyleSheets = Array.from(document.adoptedStyleSheets).concat(sheet);
    } catch (old) {
      root.appendChild(make("style", "", looks));
    }
    launcher = make("button", "launcher", name);
    launcher.setAttribute("aria-expanded", "false");
    launcher.addEventListener("click", open);
    panel = make("section", "panel");
    panel.setAttribute("role", "region");
    panel.setAttribute("aria-label", name);
    panel.hidden = true;
    panel.addEventListener("keydown", function (event) { if (event.key === "Escape") { close(); } });
    var bar = panel.appendChild(make("div", "bar"));
    bar.appendChild(make("button", "leave", set.exitLabel || "Leave this page")).addEventListener("click", leave);
    bar.appendChild(make("button", "close", "Close")).addEventListener("click", close);
    late = panel.appendChild(make("p", "late", "The chat does not show here. "));
    var page = late.appendChild(make("a", "", "Open it as a page"));
    page.href = home + "/chat";
    page.target = "_blank";
    page.rel = "noopener noreferrer";
    late.appendChild(document.createTextNode(". In danger now? Call "));
    late.appendChild(make("a", "", "999")).href = "tel:999";
    late.hidden = true;
    root.appendChild(panel);
    root.appendChild(launcher);
    document.body.appendChild(root);
    (Array.isArray(waiting) ? waiting : []).forEach(api.push);
  }

  var api = {
    open: open,
    close: close,
    on: function (event, listener) { (listeners[event] = listeners[event] || []).push(listener); },
    push: function (call) {
      var what = { open: open, close: close, on: api.on }[call[0]];
      if (what) { what(call[1], call[2]); }
    }
  };
  window.havenChat = api;
  if (document.body) { build(); } else { document.addEventListener("DOMContentLoaded", build); }
}());
