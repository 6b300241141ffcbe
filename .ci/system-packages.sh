#!/usr/bin/env bash
# What the tests need beside Python: Chromium, a Redis and a PostgreSQL server, fonts. Installs what is missing
# where that is possible (root with apt-get), else says in words what is missing.
set -euo pipefail

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    [ -n "${CHROMIUM:-}" ] || missing+=(chromium)
command -v redis-server >/dev/null || command -v valkey-server >/dev/null || missing+=(redis-server)
command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
    compgen -G '/opt/homebrew/opt/postgresql*/bin/initdb' >/dev/null || missing+=(postgresql)
if command -v fc-list >/dev/null; then
    fc-list | grep -qi dejavu || missing+=(fonts-dejavu-core)
elif [ "$(uname)" = Linux ]; then
    missing+=(fontconfig fonts-dejavu-core)
fi

if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} for the tests."
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # A package may start a server of its own; the tests use private ones.
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "The tests need these programs, which are not installed: ${missing[*]}." >&2
    echo "Install them with your system's package manager (names as in Debian) and run 'make test' again." >&2
    exit 1
fi
