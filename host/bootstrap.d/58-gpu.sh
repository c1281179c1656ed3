#!/bin/bash
# The NVIDIA driver from Debian and NVIDIA's Container Toolkit, on a server with a service for a GPU:
# https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/cdi-support.html.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"
. "$HOST_FILES/lib/packages.sh"

[[ -n ${FKS_NVIDIA_KEY:-} ]] || exit 0

readonly SOURCE=https://nvidia.github.io/libnvidia-container
readonly KEYRING=/usr/share/keyrings/nvidia-container-toolkit.asc
readonly SPECIFICATION=/var/run/cdi/nvidia.yaml

kernel=$(uname -r)
# DKMS builds the driver for the kernels whose headers are installed.
case $kernel in
  *-cloud-*) headers=linux-headers-cloud-amd64 ;;
  *) headers=linux-headers-amd64 ;;
esac

# The mirror of Debian from which this server's other packages come.
mirror() {
  apt-cache policy base-files | awk '$3 == "trixie/main" && !found++ {print $2}'
}

# Loads the driver's module if necessary.
loaded() {
  nvidia-smi --list-gpus
}

# As 20-fks-gpu.conf does at each start of Docker.
describe() {
  nvidia-modprobe -u -c 0 && nvidia-ctk cdi generate --output="$SPECIFICATION"
}

install_packages ca-certificates gpg
install_keyring "$SOURCE/gpgkey" "$KEYRING" "$FKS_NVIDIA_KEY" fks:nvidiaKeyFingerprint
debian=$(mirror)
[[ -n $debian ]] ||
  fail "no source of this server has Debian's suite trixie: see apt-cache policy base-files"
# The driver is in non-free, its kernel module in contrib, the GPU's firmware in non-free-firmware.
write_file /etc/apt/sources.list.d/fks-nvidia-driver.sources <<TEXT
Types: deb
URIs: $debian
Suites: trixie trixie-updates
Components: contrib non-free non-free-firmware
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
TEXT
install_file /etc/apt/sources.list.d/fks-nvidia-container-toolkit.sources
install_file /etc/apt/apt.conf.d/53fks-gpu
install_file /etc/systemd/system/docker.service.d/20-fks-gpu.conf
install_packages "$headers" nvidia-open-kernel-dkms nvidia-smi nvidia-modprobe libcuda1 \
  nvidia-container-toolkit-base

# Debian's kernel starts with nouveau; the driver's package excludes it from the next boot on.
load() {
  modprobe --remove nouveau || true
  retry 60 loaded ||
    fail "nvidia-smi finds no GPU with the kernel $kernel. Reboot the server (sudo systemctl reboot)," \
      "run pulumi up again; if it fails again, see dkms status and lspci, and set fks:plan to a plan" \
      "whose GPU the driver knows"
}

loaded || correct gpu "NVIDIA's driver" loaded "not loaded" load
if [[ ! -s $SPECIFICATION ]]; then
  correct file "$SPECIFICATION" written missing describe ||
    fail "cannot write $SPECIFICATION: see the messages of nvidia-ctk above"
fi
