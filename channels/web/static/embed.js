// The chat in a frame of another site: begins with a token that this memory alone holds, and is gone when the frame is.
// The page around is told that something happened, in one of five fixed words, and never what (docs/embed.md).
(function () {
  "use strict";
  if (window.parent === window) { window.location.replace("/chat"); return; }   // the frame, opened by itself
  var set = document.currentScript.dataset;
  var host = set.parent;            // checked by the server, which lets no other page frame this one
  var session = window.session;
  var leaving = window.leaving;
  var main = document.getElementById("main");
  var answered = 0;
  var beginning = false;
  session.framed = true;

  // Until then embed.css shows the numbers alone: on a slow line a form that is sent before its script is there
  // would put another page where the chat is.
  function show(yes) { document.documentElement.classList.toggle("ready", yes); }
  function tell(what) { window.parent.postMessage("haven:" + what, host); }
  function anew(then) {
    var address = new URL("/embed", window.location.href);
    address.searchParams.set("service", set.service);
    address.searchParams.set("parent", host);
    address.searchParams.set("lang", set.lang);
    address.searchParams.set("then", then);
    window.location.replace(address.href);
  }
  session.gone = function () { anew("closed"); };

  function toFocus() {
    var first = document.getElementById("text") || main.querySelector("h1");
    if (first.tagName === "H1") { first.tabIndex = -1; }
    first.focus();
  }
  function refused(words) {
    var form = main.querySelector("form");
    var box = main.querySelector("[role=alert]") || form.parentNode.insertBefore(document.createElement("div"), form);
    box.className = "refused";
    box.setAttribute("role", "alert");
    box.textContent = words;
    show(true);
  }
  // The scripts of the chat page, in their order, once its elements are there; then() when all have run.
  function run(head, then) {
    var missing = Array.prototype.filter.call(new DOMParser().parseFromString(head, "text/html").scripts, function (wanted) {
      return !document.querySelector("script[src='" + wanted.getAttribute("src") + "']");
    });
    var left = missing.length;
    missing.forEach(function (wanted) {
      var script = document.createElement("script");
      script.src = wanted.getAttribute("src");
      script.async = false;
      script.onload = function () { left -= 1; if (!left) { then(); } };
      script.onerror = function () { session.end(); anew(""); };
      document.head.appendChild(script);
    });
  }
  function begin(path, fields) {
    if (beginning) { return; }
    beginning = true;
    session.ask(path, fields).then(function (answer) {
      return answer.json().then(function (body) {
        if (!answer.ok) { refused(body.error.message); return; }
        session.token = body.token;
        show(false);
        main.innerHTML = body.main;   // made by the server's templates, which escape everything
        run(body.head, function () {
          show(true);
          window.scrollTo(0, 0);
          document.getElementById("log").focus({ preventScroll: true });
          tell("start");
        });
      });
    }).catch(function () {
      refused(set.offline);
    }).finally(function () { beginning = false; });
  }
  function start() { begin("/chat/start", { service: set.service, lang: set.lang }); }

  document.addEventListener("submit", function (event) {
    var path = new URL(event.target.action).pathname;
    if (path === "/chat/start") {
      event.preventDefault();
      if (session.token) { leaving.blank(); setTimeout(anew, 300, "begin"); } else { start(); }
    } else if (path === "/chat/return") {
      event.preventDefault();
      begin(path, new FormData(event.target));
    }
  });
  // A link would put another page where the chat is, so they open beside it; and a place on this page makes no history.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || !/^http/.test(link.protocol) || link.hasAttribute("data-leave")) { return; }
    if (link.getAttribute("href")[0] === "#") {
      event.preventDefault();
      document.querySelector(link.getAttribute("href")).focus();
    } else if (link.pathname === "/chat/return" && link.origin === window.location.origin) {
      event.preventDefault();
      session.ask(link.pathname, null, { headers: { Accept: "text/html" } })
        .then(function (answer) { return answer.text(); })
        .then(function (page) {
          main.innerHTML = new DOMParser().parseFromString(page, "text/html").getElementById("main").innerHTML;
          toFocus();
        })
        .catch(function () { refused(set.offline); });
    } else {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) { tell("close"); }
  });

  // The page around goes, and says that it heard. If it is silent, the frame takes the whole window away itself.
  leaving.go = function (url) {
    tell("leave");
    answered = setTimeout(function () { window.top.location.replace(url); }, 500);
  };
  window.addEventListener("message", function (event) {
    if (event.source !== window.parent || event.origin !== host) { return; }
    if (event.data === "haven:focus") { toFocus(); }
    if (event.data === "haven:leave") {
      leaving.now();
      clearTimeout(answered);
    }
  });
  // A frame that goes takes its token along, so nobody could come back: the chat ends, as by the button.
  leaving.last.push(function () { session.end(); });
  window.addEventListener("pagehide", function () { leaving.blank(); });

  if ("begin" in set) { start(); } else { show(true); }
  tell("ready");
}());
