// Requests the health of the API at the same origin and shows it.
// The filler makes the file large enough for nginx to compress it.
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

async function fetchJson(path) {
  const response = await fetch(path, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

function show(text) {
  document.querySelector("#api").textContent = text;
}

function routeOf(location) {
  // The login redirects here with a code; a real application exchanges it for tokens.
  if (location.pathname === "/auth/callback") return "callback";
  return location.pathname === "/" ? "home" : "page";
}

async function main() {
  document.body.dataset.route = routeOf(window.location);
  document.body.dataset.filler = filler.trim();
  try {
    const health = await fetchJson("/api/health");
    show(health.status);
  } catch (error) {
    show(`unavailable (${error.message})`);
  }
}

main();
