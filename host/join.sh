#!/bin/bash
# Joins this server to the tailnet: installs Tailscale from its signed apt source, runs `tailscale up`
# (https://tailscale.com/kb/1241/tailscale-up). Idempotent, and every wait has a limit. The auth key is
# read from its file only, and the file is deleted at the end, also after a failure: the key expires
# within the hour.
set -euo pipefail
umask 022

readonly SOURCE=https://pkgs.tailscale.com/stable/debian
readonly KEYRING=/usr/share/keyrings/tailscale-archive-keyring.gpg
readonly LOG=/var/log/fks/join.log
# APT_RETRY_SECONDS of limits.env, which is not on the server yet
readonly RETRY_SECONDS=300

usage() {
  cat <<'TEXT'
usage: fks-join --hostname=NAME --login-server=URL --key-fingerprint=HEX --auth-key-file=FILE

  --hostname         name of this server in the tailnet
  --login-server     URL of the control server, e.g. https://controlplane.tailscale.com
  --key-fingerprint  fingerprint of the OpenPGP key that must sign the Tailscale packages
  --auth-key-file    file with a pre-authorised key; deleted at the end

Writes to /var/log/fks/join.log. Exit 0: joined. 1: not joined. 2: invalid options.
TEXT
}

log() {
  printf '%s %s\n' "$(date --utc +%FT%TZ)" "$*"
}

# retry SECONDS COMMAND...: repeat every 5 s until it succeeds; fails after SECONDS
retry() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    if ((SECONDS >= deadline)); then
      log "failed repeatedly: $*"
      return 1
    fi
    sleep 5
  done
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
}

# After an interrupted installation apt-get fails until the unpacked packages are configured.
configure_unpacked() {
  DEBIAN_FRONTEND=noninteractive dpkg --configure --pending
}

# Whether the package is unpacked and configured.
installed() {
  [[ $(dpkg-query --show --showformat '${db:Status-Status}' tailscale 2>/dev/null) == installed ]]
}

# primary_keys FILE: print the fingerprints of all primary keys in a keyring, one per line
primary_keys() {
  gpg --homedir "$work" --batch --with-colons --show-keys "$1" |
    awk -F: '$1 == "pub" {primary = 1} $1 == "fpr" && primary {print $10; primary = 0}'
}

fetch_keyring() {
  /usr/lib/apt/apt-helper -o Acquire::Retries=3 \
    download-file "$SOURCE/$codename.noarmor.gpg" "$work/keyring.gpg"
}

add_source() {
  retry "$RETRY_SECONDS" apt_get update
  retry "$RETRY_SECONDS" apt_get install --no-install-recommends ca-certificates gpg
  retry "$RETRY_SECONDS" fetch_keyring
  local found
  found=$(primary_keys "$work/keyring.gpg") || found=''
  if [[ "$found" != "$fingerprint" ]]; then
    log "the signing key at $SOURCE is ${found:-unreadable}, expected $fingerprint." \
      "If Tailscale has changed its key, set fks:tailscaleKeyFingerprint."
    return 1
  fi
  install -m 0644 "$work/keyring.gpg" "$KEYRING"
  printf 'deb [signed-by=%s] %s %s main\n' "$KEYRING" "$SOURCE" "$codename" \
    >/etc/apt/sources.list.d/tailscale.list
}

# The auth key sets the tags; the control server rejects --advertise-tags together with such a key.
join() {
  tailscale up --auth-key="file:$key_file" --hostname="$hostname" \
    --login-server="$login_server" --accept-dns=false --timeout=60s
}

finish() {
  local status=$?
  rm -rf "$work"
  rm -f "$key_file"
  if ((status == 0)); then log "joined as $hostname"; else log "not joined (exit $status)"; fi
}

hostname='' login_server='' fingerprint='' key_file=''
for option in "$@"; do
  case $option in
    --hostname=?*) hostname=${option#*=} ;;
    --login-server=?*) login_server=${option#*=} ;;
    --key-fingerprint=?*) fingerprint=${option#*=} ;;
    --auth-key-file=?*) key_file=${option#*=} ;;
    --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
done
if [[ -z $hostname || -z $login_server || -z $fingerprint || -z $key_file ]]; then
  usage >&2
  exit 2
fi
fingerprint=${fingerprint//[[:space:]]/}
fingerprint=${fingerprint^^}

install -d -m 0755 /var/log/fks
exec >>"$LOG" 2>&1
work=$(mktemp -d)
trap finish EXIT
codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)

log "joining as $hostname at $login_server"
if ! installed; then
  retry "$RETRY_SECONDS" configure_unpacked
  add_source
  retry "$RETRY_SECONDS" apt_get update
  retry "$RETRY_SECONDS" apt_get install --no-install-recommends tailscale
fi
systemctl enable --now tailscaled.service
if tailscale ip -4 >/dev/null 2>&1; then
  log "already in the tailnet"
else
  retry "$RETRY_SECONDS" join
fi
log "address $(tailscale ip -4)"
