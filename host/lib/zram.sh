#!/bin/bash
# Creates and removes a zram swap device of ZRAM_MIB, for fks-zram.service.
# https://docs.kernel.org/admin-guide/blockdev/zram.html
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
