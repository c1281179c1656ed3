#!/bin/bash
# Everything comes from Debian itself.
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
)

missing=()
# Certificates and tokens are only as good as the clock.
installed chrony || installed systemd-timesyncd || missing+=(systemd-timesyncd)
for package in "${PACKAGES[@]}"; do
  installed "$package" || missing+=("$package")
done
((${#missing[@]})) || exit 0

# The lock of the package lists knows no time-out of its own, and first boots update in the background.
within 300 apt_get update || fail "apt-get update did not work for 5 minutes"
within 300 apt_get install --no-install-recommends "${missing[@]}" ||
  fail "these packages could not be installed for 5 minutes: ${missing[*]}"
changed "${missing[@]}"
