#!/bin/bash
# Installs the packages, all from Debian.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"
. "$HOST_FILES/lib/packages.sh"

packages=(
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
# Only the front end's build has pictures.
! has_role web || packages+=(python3-pil)
if has_role api || has_role auth; then packages+=(openssh-client restic); fi
# TLS and token lifetimes need a correct clock.
installed chrony || packages+=(systemd-timesyncd)
install_packages "${packages[@]}"
