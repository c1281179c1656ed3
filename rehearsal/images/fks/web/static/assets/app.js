// A front end without a framework: it logs in by OIDC (authorization code with PKCE), shows trades of the
// API at the same origin, and receives prices by a WebSocket. RFC 7636: https://www.rfc-editor.org/rfc/rfc7636
const AUTH = `https://auth.${location.hostname}`;
const CLIENT = "fks_trading-platform";
const CALLBACK = `${location.origin}/auth/callback`;
const stored = sessionStorage;

function show(id, text) {
  document.getElementById(id).textContent = text;
}

function encode(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function random() {
  return encode(crypto.getRandomValues(new Uint8Array(32)));
}

async function discover() {
  const answer = await fetch(`${AUTH}/application/o/fks/.well-known/openid-configuration`);
  return answer.json();
}

async function logIn() {
  const [verifier, state] = [random(), random()];
  stored.verifier = verifier;
  stored.state = state;
  stored.page = location.pathname;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: CLIENT,
    redirect_uri: CALLBACK,
    scope: "openid profile email offline_access",
    state,
    code_challenge: encode(digest),
    code_challenge_method: "S256",
  });
  location.assign(`${(await discover()).authorization_endpoint}?${query}`);
}

async function receiveTokens(fields) {
  const endpoint = (await discover()).token_endpoint;
  const body = new URLSearchParams({ client_id: CLIENT, ...fields });
  const answer = await fetch(endpoint, { method: "POST", body });
  if (!answer.ok) {
    for (const name of ["access", "refresh", "id"]) stored.removeItem(name);
    throw new Error(`the token endpoint answered ${answer.status}`);
  }
  const tokens = await answer.json();
  stored.access = tokens.access_token;
  stored.refresh = tokens.refresh_token;
  stored.id = tokens.id_token;
  stored.received = Number(stored.received ?? 0) + 1;
}

async function finishLogIn() {
  const query = new URLSearchParams(location.search);
  if (!stored.state || query.get("state") !== stored.state) throw new Error("unknown state");
  const fields = { grant_type: "authorization_code", code: query.get("code"), redirect_uri: CALLBACK };
  await receiveTokens({ ...fields, code_verifier: stored.verifier });
  stored.removeItem("verifier");
  stored.removeItem("state");
  history.replaceState(null, "", stored.page ?? "/");
}

// A request with the access token; an expired one is refreshed once.
async function request(path, again = true) {
  const answer = await fetch(path, { headers: { authorization: `Bearer ${stored.access}` } });
  if (answer.status === 401 && again && stored.refresh) {
    await receiveTokens({ grant_type: "refresh_token", refresh_token: stored.refresh });
    return request(path, false);
  }
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

function receivePrices() {
  const socket = new WebSocket(`wss://${location.host}/ws?token=${stored.access}`);
  socket.addEventListener("message", (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "price") show("price", `${message.symbol} ${message.number}`);
  });
  socket.addEventListener("close", () => show("price", "closed"));
}

async function logOut() {
  const query = new URLSearchParams({
    id_token_hint: stored.id,
    post_logout_redirect_uri: `${location.origin}/`,
  });
  const endpoint = (await discover()).end_session_endpoint;
  stored.clear();
  location.assign(`${endpoint}?${query}`);
}

async function showAccount() {
  const account = await request("/api/trades/");
  show("user", account.user);
  show("trades", String(account.trades.length));
  show("tokens", stored.received);
  receivePrices();
}

async function showHealth() {
  const answer = await fetch("/api/health");
  show("api", (await answer.json()).status);
}

async function main() {
  document.getElementById("login").addEventListener("click", logIn);
  document.getElementById("logout").addEventListener("click", logOut);
  if (location.pathname === "/auth/callback") await finishLogIn();
  show("page", location.pathname);
  document.getElementById(stored.access ? "logout" : "login").hidden = false;
  if (stored.access) await showAccount();
  await showHealth();
}

main().catch((error) => show("problem", error.message));
