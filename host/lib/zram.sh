#!/bin/bash
# Creates and removes a zram swap device of ZRAM_MIB, for fks-zram.service.
# https://docs.kernel.org/admin-guide/blockdev/zram.html
set -euo pipefail

readonly LABEL=fks-zram

start() {
  stop
  local device
  device=$(zramctl --find --size "${ZRAM_MIB:?}MiB" --algorithm zstd)
  # Until it is swap, nothing marks the device as this script's.
  trap 'zramctl --reset "$device"' ERR
  mkswap --label "$LABEL" "$device" >/dev/null
  swapon --priority 100 "$device"
}

stop() {
  swapon --show=NAME,LABEL --noheadings | while read -r device label; do
    [[ $label == "$LABEL" ]] || continue
    swapoff "$device"
    zramctl --reset "$device"
  done
}

case ${1:-} in
  start | stop) "$1" ;;
  *)
    printf 'usage: zram.sh start|stop\n' >&2
    exit 2
    ;;
esac
