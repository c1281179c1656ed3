#!/bin/bash
# Compressed swap in memory of ZRAM_MIB, on a zram device of our own. Called by fks-zram.service.
set -euo pipefail

readonly DEVICE_FILE=/run/fks-zram-device

start() {
  modprobe zram
  local device
  device=$(zramctl --find --size "${ZRAM_MIB:?}MiB" --algorithm zstd)
  mkswap --label fks-zram "$device" >/dev/null
  swapon --priority 100 "$device"
  printf '%s\n' "$device" >"$DEVICE_FILE"
}

stop() {
  local device
  device=$(<"$DEVICE_FILE")
  swapoff "$device"
  zramctl --reset "$device"
  rm "$DEVICE_FILE"
}

case ${1:-} in
  start | stop) "$1" ;;
  *)
    printf 'usage: zram.sh start|stop\n' >&2
    exit 2
    ;;
esac
