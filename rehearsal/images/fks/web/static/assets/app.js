// The stand-in's whole behaviour: ask the API of the same origin, show what it says.
// The filler keeps the file above the size from which an edge compresses.
const filler = [
  "line 1 of what makes this file large enough",
  "line 2 of what makes this file large enough",
  "line 3 of what makes this file large enough",
  "line 4 of what makes this file large enough",
  "line 5 of what makes this file large enough",
  "line 6 of what makes this file large enough",
  "line 7 of what makes this file large enough",
  "line 8 of what makes this file large enough",
].join(" ");

async function ask(path) {
  const answer = await fetch(path, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

function show(text) {
  document.querySelector("#api").textContent = text;
}

function routeOf(location) {
  // The login returns here with a code, which a real application would now exchange.
  if (location.pathname === "/auth/callback") return "callback";
  return location.pathname === "/" ? "home" : "page";
}

async function main() {
  document.body.dataset.route = routeOf(window.location);
  document.body.dataset.filler = filler.trim();
  try {
    const health = await ask("/api/health");
    show(health.status);
  } catch (error) {
    show(`unavailable (${error.message})`);
  }
}

main();
