# Functions for the steps of bootstrap.d that install packages; lib/steps.sh comes first.
# shellcheck shell=bash

# After an interrupted installation apt-get fails until the unpacked packages are configured.
configure_unpacked() {
  DEBIAN_FRONTEND=noninteractive dpkg --force-confold --configure --pending
}

# lists_are_new: whether the package lists were downloaded in the last ten minutes, as by join.sh
lists_are_new() {
  [[ -n $(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -cmin -10 -print -quit) ]]
}

# install_packages PACKAGE...: install those that are missing
install_packages() {
  local package missing=()
  for package in "$@"; do
    installed "$package" || missing+=("$package")
  done
  if ((${#missing[@]})); then
    correct package "${missing[*]}" installed "not installed" apt_install "${missing[@]}"
  fi
}

# apt_install PACKAGE...
apt_install() {
  retry "$APT_RETRY_SECONDS" configure_unpacked ||
    fail "dpkg --configure --pending failed for $APT_RETRY_SECONDS s"
  if ! lists_are_new || ! apt_get install --no-install-recommends "$@"; then
    # apt-get does not wait for the lock of the package lists, which a first boot's update holds.
    retry "$APT_RETRY_SECONDS" apt_get update || fail "apt-get update failed for $APT_RETRY_SECONDS s"
    retry "$APT_RETRY_SECONDS" apt_get install --no-install-recommends "$@" ||
      fail "apt-get install failed for $APT_RETRY_SECONDS s: $*"
  fi
}

# primary_keys FILE: print the fingerprints of all primary keys in a keyring, one per line
primary_keys() {
  gpg --homedir "$work" --batch --with-colons --show-keys "$1" |
    awk -F: '$1 == "pub" {primary = 1} $1 == "fpr" && primary {print $10; primary = 0}'
}

# download URL FILE
download() {
  /usr/lib/apt/apt-helper -o Acquire::Retries=3 download-file "$1" "$2"
}

# install_keyring URL FILE FINGERPRINT SETTING: download a keyring unless FILE has this key. SETTING is
# the key of Pulumi.<stack>.yaml with the fingerprint.
install_keyring() {
  local file=$2 expected=$3 found=missing
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  [[ ! -f $file ]] || found=$(primary_keys "$file")
  [[ $found == "$expected" ]] ||
    correct keyring "$file" "$expected" "$found" download_keyring "$@"
}

# download_keyring URL FILE FINGERPRINT SETTING
download_keyring() {
  local url=$1 file=$2 expected=$3 setting=$4 found
  retry "$APT_RETRY_SECONDS" download "$url" "$work/keyring" ||
    fail "no answer from $url for $APT_RETRY_SECONDS s: check the server's connection"
  found=$(primary_keys "$work/keyring") || found=''
  [[ $found == "$expected" ]] ||
    fail "the signing key at $url is ${found:-unreadable}, expected $expected: if its owner has" \
      "published a new key, set $setting"
  install -m 0644 "$work/keyring" "$file"
}
