#!/bin/bash
# Makes the Debian package `fks-test` in this version, with the postinst of standard input, as the
# newest one of a package source on this server. usage: package.sh VERSION
set -euo pipefail
version=$1 tree=$(mktemp -d) place=/srv/test-packages
mkdir -p "$tree/DEBIAN" "$place"
{ echo '#!/bin/sh'; cat; } >"$tree/DEBIAN/postinst"
chmod 755 "$tree" "$tree/DEBIAN" "$tree/DEBIAN/postinst"
printf 'Package: fks-test\nVersion: %s\nArchitecture: all\nMaintainer: a test\nDescription: a test\n' \
  "$version" >"$tree/DEBIAN/control"
file=$place/fks-test_$version.deb
dpkg-deb --build --root-owner-group "$tree" "$file" >/dev/null
{
  cat "$tree/DEBIAN/control"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n' "${file##*/}" "$(stat -c %s "$file")" \
    "$(sha256sum "$file" | cut -d ' ' -f 1)"
} >"$place/Packages"
echo "deb [trusted=yes] file:$place ./" >/etc/apt/sources.list.d/fks-test.list
