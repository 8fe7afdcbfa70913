#!/bin/sh
# usage: need.sh "what will not work without" PACKAGE...
# Installs the Debian packages that are missing, where this user may; else says plainly what is missing.
without=$1
shift
missing() {
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}
if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not a Debian or Ubuntu machine. Install what is like these packages: $*"
    echo "Until then $without. All else works."
    exit 0
fi
list=$(missing "$@")
[ -z "$list" ] && exit 0
echo "Installing: $list"
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
# shellcheck disable=SC2086
if $as_root true 2>/dev/null; then
    $as_root apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $list >/dev/null 2>&1
fi
list=$(missing $list)
[ -z "$list" ] && exit 0
echo "Not installed: $list"
echo "Until they are, $without. All else works. To install them: sudo apt-get install $list"
