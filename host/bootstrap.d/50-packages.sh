#!/bin/bash
# Installs the packages, all from Debian.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly PACKAGES=(
  ca-certificates
  certbot
  docker-cli
  docker-compose
  docker.io
  logrotate
  nftables
  python3
  python3-certbot-dns-cloudflare
  unattended-upgrades
  webp
)

missing=()
# TLS and token lifetimes need a correct clock.
installed chrony || installed systemd-timesyncd || missing+=(systemd-timesyncd)
for package in "${PACKAGES[@]}"; do
  installed "$package" || missing+=("$package")
done
((${#missing[@]})) || exit 0

# After an interrupted installation apt-get fails until the unpacked packages are configured.
configure_unpacked() {
  DEBIAN_FRONTEND=noninteractive dpkg --force-confold --configure --pending
}

retry "$APT_RETRY_SECONDS" configure_unpacked ||
  fail "dpkg --configure --pending failed for $APT_RETRY_SECONDS s"
# apt-get does not wait for the lock of the package lists, which a first boot's update holds.
retry "$APT_RETRY_SECONDS" apt_get update || fail "apt-get update failed for $APT_RETRY_SECONDS s"
retry "$APT_RETRY_SECONDS" apt_get install --no-install-recommends "${missing[@]}" ||
  fail "apt-get install failed for $APT_RETRY_SECONDS s: ${missing[*]}"
changed "${missing[@]}"
