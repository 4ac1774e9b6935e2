// Who are we to the server? On the page a cookie says it. In a frame, where cookies may be blocked, a token held in memory.
(function () {
  "use strict";
  var streaming = window.AbortController && window.TextDecoder && window.ReadableStream;
  var session = window.session = {
    framed: false,
    token: "",
    gone: function () { window.location.replace("/chat"); },   // the chat is closed: show nothing of it any more
    // Fetches what is at `path`; sends `fields` there when they are given.
    ask: function (path, fields, more) {
      var options = { headers: { Accept: "application/json" }, credentials: session.framed ? "omit" : "same-origin" };
      if (session.token) { options.headers.Authorization = "Bearer " + session.token; }
      if (fields) {
        options.method = "POST";
        options.body = new URLSearchParams(fields);
      }
      Object.keys(more || {}).forEach(function (name) {
        if (name === "headers") { Object.assign(options.headers, more.headers); } else { options[name] = more[name]; }
      });
      return fetch(path, options);
    },
    // Ends it with one beacon that outlives the page.
    end: function (fields) {
      if (session.framed && !session.token) { return Promise.resolve(); }
      var told = session.ask("/chat/leave", fields || {}, { keepalive: true }).catch(function () { return null; });
      session.token = "";
      return told;
    },
    // Calls news(id) for each message that others write, and closed() when the chat is. `last()` names the newest shown.
    listen: function (last, news, closed) { return (session.framed ? stream : source)(last, news, closed); }
  };

  function source(_last, news, closed) {
    if (!window.EventSource) { return { isOpen: function () { return false; }, stop: function () { return null; } }; }
    var live = new EventSource("/chat/events");
    // Open is what has spoken: a proxy may hold back all that comes after the head. `held_by` is said at once.
    var heard = false;
    live.addEventListener("held_by", function () { heard = true; });
    live.addEventListener("error", function () { heard = false; });
    live.addEventListener("message", function (event) { news(JSON.parse(event.data).id); });
    live.addEventListener("closed", function () { live.close(); closed(); });
    return { isOpen: function () { return heard; }, stop: function () { live.close(); } };
  }

  // EventSource can bear no token, so the same stream is read by hand.
  function stream(last, news, closed) {
    var open = false;
    var stopped = !streaming;
    var tries = 0;
    var cut = streaming ? new AbortController() : null;
    function told(block) {
      if (/^event: message$/m.test(block)) { news(JSON.parse(block.match(/^data: (.*)$/m)[1]).id); }
      if (/^event: closed$/m.test(block)) { stopped = true; closed(); }
    }
    function read(reader) {
      var decoder = new TextDecoder();
      var rest = "";
      function on(part) {
        if (part.done || stopped) { return null; }
        tries = 0;
        open = true;   // what has spoken, as above
        var blocks = (rest + decoder.decode(part.value, { stream: true })).split("\n\n");
        rest = blocks.pop();
        blocks.forEach(told);
        return reader.read().then(on);
      }
      return reader.read().then(on);
    }
    function connect() {
      if (stopped) { return; }
      session.ask("/chat/events", null, { headers: { Accept: "text/event-stream", "Last-Event-ID": last() }, signal: cut.signal })
        .then(function (answer) {
          if (answer.status === 204 || answer.status === 401) { stopped = true; closed(); }
          if (answer.status !== 200 || !answer.body) { return null; }
          return read(answer.body.getReader());
        })
        .catch(function () { return null; })
        .then(function () {
          open = false;
          tries += 1;
          setTimeout(connect, Math.min(30000, 1000 * Math.pow(2, tries)));
        });
    }
    connect();
    return {
      isOpen: function () { return open; },
      stop: function () { stopped = true; if (cut) { cut.abort(); } }
    };
  }
}());
