// Makes the chat page live: sends without reloading, announces what arrives, keeps what could not be sent.
// The same for the page and the frame: session.js knows which. The page works without it. Nothing is stored in the browser;
// text goes into the page as rendered by the server.
(function () {
  "use strict";
  var log = document.getElementById("log");
  var more = document.querySelector(".more");
  var composer = document.getElementById("composer");
  if (!log || !composer || !window.fetch) { return; }
  var box = document.getElementById("text");
  var choices = document.getElementById("choices");
  var writing = document.getElementById("writing");
  var troubles = document.getElementById("troubles");
  var announcer = document.getElementById("announcer");
  var session = window.session;
  var leaving = window.leaving;
  var idle = document.getElementById("idle");
  var key = composer.elements.key.value;
  var hints = {
    date: "Say it your own way, for example \"last Tuesday\" or \"about 3 weeks ago\".",
    postcode: "A full postcode, the first half, or a town is fine.",
    phone: "Only a number that is safe for us to use.",
    text: "You can always type your own words." + (window.matchMedia("(hover: hover)").matches ? " Enter sends; Shift and Enter makes a new line." : "")
  };
  var queue = [];      // what the person said and the server has not confirmed, in order
  var sending = false;
  var missed = false;  // something arrived that could not be shown while we were sending
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  function newId() {
    var bytes = new Uint8Array(16);
    window.crypto.getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
  }
  function post(path, fields, more) {
    var body = new URLSearchParams(fields);
    body.set("key", key);
    return session.ask(path, body, more);
  }
  // The chat is closed. Whoever is leaving goes where they were going, and nowhere else.
  function gone() {
    if (!leaving.left) { session.gone(); }
  }
  // Takes something away, and not the focus with it.
  function takeAway(what) {
    var held = what.contains(document.activeElement);
    what.remove();
    if (held) { box.focus({ preventScroll: true }); }
  }
  function lastId() {
    var shown = log.querySelectorAll("article[data-id]");
    return shown.length ? shown[shown.length - 1].dataset.id : "";
  }
  function nearEnd() {
    return more.getBoundingClientRect().top < window.innerHeight + 200;
  }
  // To the end of the chat; when what is new is taller than the window, to where it begins.
  function toEnd(first) {
    var room = window.innerHeight - 120;
    var tall = first && more.getBoundingClientRect().bottom - first.getBoundingClientRect().top > room;
    (tall ? first : more).scrollIntoView({ block: tall ? "start" : "end", behavior: calm.matches ? "auto" : "smooth" });
    var newer = document.getElementById("newer");
    if (newer) { newer.remove(); }
  }
  function offerNewer() {
    if (document.getElementById("newer")) { return; }
    var button = document.createElement("button");
    button.id = "newer";
    button.type = "button";
    button.className = "newer";
    button.textContent = "New messages";
    button.addEventListener("click", function () { toEnd(); log.focus({ preventScroll: true }); });
    composer.before(button);
  }
  // Whole messages, one mutation each, taken away after a second (sooner loses them in some screen readers).
  function announce(text) {
    var line = document.createElement("p");
    line.textContent = text;
    announcer.appendChild(line);
    setTimeout(function () { line.remove(); }, 1000);
  }
  function trouble(text) {
    troubles.textContent = "";
    if (text) {
      var line = document.createElement("p");
      line.textContent = text;
      troubles.appendChild(line);
      troubles.scrollIntoView({ block: "nearest" });   // not under the box, where nobody would see it
    }
  }
  function numbers() {
    return Array.prototype.map.call(document.querySelectorAll(".numbers li"), function (li) {
      return li.textContent.replace(/\s+/g, " ").trim();
    }).join(". ");
  }
  function show(data, own) {
    if (leaving.left) { return; }
    var stay = !own && !nearEnd();
    var first = null;
    var shown = 0;
    data.messages.forEach(function (message) {
      if (document.getElementById("m-" + message.id)) { return; }
      var holder = document.createElement("template");
      holder.innerHTML = message.html;   // made by the server's templates, which escape everything
      var article = holder.content.firstElementChild;
      article.classList.add("fresh");
      var waiting = log.querySelector("article.unsent, article.sending");
      log.insertBefore(article, waiting);
      shown += 1;
      if (message.from !== "person") { announce(message.spoken); first = first || article; }
    });
    var held = choices.contains(document.activeElement) && document.activeElement !== choices;
    choices.innerHTML = queue.length > 1 ? "" : data.choices;
    if (held) { choices.focus({ preventScroll: true }); }
    tellWhatIsExpected(data.expects);
    if (!shown && !own) { return; }   // nothing new: the page stays where somebody reads it
    if (stay) { offerNewer(); } else { toEnd(first); }
  }
  function tellWhatIsExpected(expects) {
    var hint = document.getElementById("hint");
    hint.textContent = hints[expects] || hints.text;
    hint.dataset.expects = expects;
    var shown = log.querySelectorAll("article[data-id]");
    composer.dataset.asks = shown.length && shown[shown.length - 1].dataset.asks || "";
    box.setAttribute("inputmode", expects === "phone" ? "tel" : "text");
  }
  // After a quick reply focus stays at the answers, so the next ones are one Tab away; whoever types, types in the box.
  choices.addEventListener("keydown", function (event) {
    if (event.target === choices && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey) {
      box.focus();
    }
  });
  function pending(item) {
    var article = document.createElement("article");
    article.className = "message person sending";
    article.setAttribute("aria-label", "You said");
    var who = document.createElement("p");
    who.className = "who";
    var name = document.createElement("b");
    name.textContent = "You said";
    who.appendChild(name);
    var said = document.createElement("p");
    said.className = "said";
    said.dir = "auto";
    said.textContent = item.label;
    article.append(who, said);
    log.appendChild(article);
    item.article = article;
    toEnd();
  }
  function unsent(item) {
    if (item.note) { return; }
    item.article.className = "message person unsent";
    item.note = document.createElement("p");
    item.note.className = "unsent-note";
    item.note.append("Not sent yet. We keep trying. ");
    var again = document.createElement("button");
    again.type = "button";
    again.className = "quiet";
    again.textContent = "Try now";
    again.addEventListener("click", function () {
      clearTimeout(item.timer);
      if (sending) { item.cut(); } else { next(); }
    });
    item.note.appendChild(again);
    item.article.appendChild(item.note);
    trouble("You may be offline. What you wrote is kept on this page and sent as soon as it can be. You can still call. " + numbers() + ". How to stay safe is under Help now.");
  }
  function next() {
    if (sending || !queue.length || leaving.left) { return; }
    var item = queue[0];
    sending = true;
    var slow = setTimeout(function () { writing.textContent = "Assistant is writing"; }, 400);
    // Nobody waits for 10 seconds without a word; after 30 it is tried anew, under the same id, so it is said once.
    var late = setTimeout(function () { writing.textContent = ""; unsent(item); }, 10000);
    var cutter = window.AbortController ? new AbortController() : { abort: function () { return null; } };
    item.cut = function () { cutter.abort(); };
    var stop = setTimeout(item.cut, 30000);
    var fields = { id: item.id, after: lastId() };
    fields[item.choice ? "choice" : "text"] = item.choice || item.text;
    post("/chat/messages", fields, { signal: cutter.signal }).then(function (answer) {
      if (answer.status >= 500 || answer.status === 429) { return answer.json().then(function (body) { throw body; }); }
      return answer.json().then(function (body) {
        queue.shift();
        takeAway(item.article);
        if (answer.ok) {
          trouble("");
          show(body, true);
        } else if (answer.status === 401) {
          gone();
        } else {
          if (item.text) { box.value = [item.text, box.value].filter(Boolean).join("\n"); }
          missed = true;
          trouble(body.error.message + "\n" + numbers());
        }
      });
    }).catch(function (problem) {
      unsent(item);
      if (problem && problem.error) { trouble(problem.error.message + "\n" + numbers()); }
      item.tries = (item.tries || 0) + 1;
      var pause = problem && problem.name === "AbortError" ? 0 : Math.min(30000, 1000 * Math.pow(2, item.tries));
      item.timer = setTimeout(next, pause);
    }).finally(function () {
      [slow, late, stop].forEach(clearTimeout);
      writing.textContent = "";
      sending = false;
      if (queue.length && !queue[0].note) { next(); } else if (missed) { askForNew(); }
    });
  }
  function say(item) {
    item.id = newId();
    queue.push(item);
    pending(item);
    next();
  }
  composer.addEventListener("submit", function (event) {
    event.preventDefault();
    var button = event.submitter;
    if (button && button.name === "choice") {
      if (button.getAttribute("aria-disabled") === "true") { return; }
      choices.querySelectorAll("button").forEach(function (one) {
        one.setAttribute("aria-disabled", "true");
        one.tabIndex = -1;
      });
      choices.focus({ preventScroll: true });
      say({ choice: button.value, label: button.textContent.trim() });
    } else if (box.value.trim()) {
      say({ text: box.value, label: box.value });
      box.value = "";
      box.style.height = "";
      box.focus({ preventScroll: true });
    }
  });
  box.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && window.matchMedia("(hover: hover)").matches) {
      event.preventDefault();
      composer.requestSubmit();
    }
  });
  box.addEventListener("input", function () {
    box.style.height = "";
    box.style.height = Math.min(box.scrollHeight + 4, window.innerHeight * 0.4) + "px";
  });
  window.addEventListener("online", function () { if (queue.length) { clearTimeout(queue[0].timer); next(); } });

  function askForNew() {
    missed = sending || queue.length > 0;
    if (missed || leaving.left) { return; }
    session.ask("/chat/since?after=" + encodeURIComponent(lastId())).then(function (answer) {
      if (answer.status === 401) { gone(); }
      return answer.ok ? answer.json() : null;
    }).then(function (body) {
      if (!body) { return; }
      if (sending || queue.length) { missed = true; } else { show(body, false); }
    }).catch(function () { return null; });
  }
  var live = session.listen(lastId, function (id) {
    if (!document.getElementById("m-" + id)) { askForNew(); }
  }, gone);
  setInterval(function () { if (!live.isOpen()) { askForNew(); } }, 10000);

  leaving.last.push(function () {
    box.value = "";
    queue = [];
    live.stop();
    session.end({ key: key });
    log.textContent = "";
  });

  // Nobody there for 10 minutes: ask. For 20: the server closes the chat, and the page shows nothing of it.
  var lastSeen = Date.now();
  var lastTold = Date.now();
  function active() {
    lastSeen = Date.now();
    if (lastSeen - lastTold > 240000) {
      lastTold = lastSeen;
      post("/chat/stay", {}).catch(function () { return null; });
    }
  }
  // Not "scroll": the page scrolls by itself when something arrives, with nobody there.
  ["keydown", "pointerdown", "wheel"].forEach(function (name) { window.addEventListener(name, active, { passive: true }); });
  document.getElementById("still-here").addEventListener("click", function () {
    lastTold = 0;
    active();
    idle.hidden = true;
    box.focus();
  });
  setInterval(function () {
    var quiet = Date.now() - lastSeen;
    if (quiet > 1200000 && !leaving.left) {
      leaving.blank();
      setTimeout(session.gone, 500);
    } else if (quiet > 600000 && idle.hidden) {
      idle.hidden = false;
      announce(idle.querySelector("p").textContent);
    } else if (quiet < 600000 && !idle.hidden) {
      var held = idle.contains(document.activeElement);
      idle.hidden = true;
      if (held) { box.focus({ preventScroll: true }); }
    }
  }, 5000);

  tellWhatIsExpected(document.getElementById("hint").dataset.expects);
  if (log.querySelector("article.person")) { toEnd(document.getElementById("latest")); }
}());
