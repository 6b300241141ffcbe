#!/usr/bin/env bash
# Create .venv and install everything that constraints.txt pins; nothing happens when that is done already.
# Variables: PYTHON (interpreter to use), TORCH_INDEX_URL (package index for torch alone, for instance the
# one with CPU builds; without it torch comes from the same index as everything else).
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.venv/.installed
# The path belongs to it: an editable install points at the folder, which may have been moved or copied.
wanted="$(cat pyproject.toml constraints.txt .ci/install.sh <(pwd -P) <(echo "${TORCH_INDEX_URL:-}") | cksum)"
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ]; then
    exit 0
fi

say() { printf '%s\n' "$*" >&2; }

usable() { # runs, is new enough, and can make a virtual environment
    "$1" -c 'import sys, venv, ensurepip; raise SystemExit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

case "$(pwd -P)" in
*:*) say "Python cannot make a virtual environment in a folder with ':' in its path. Rename $(pwd -P)." && exit 1 ;;
esac

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2>/dev/null; then
    python=""
    # 3.11 first: it is the version the pins were made with.
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3.12 python3.13 python3.14 python3 python; do
        if usable "$candidate"; then python="$candidate" && break; fi
    done
    if [ -z "$python" ]; then
        say "Previs needs Python 3.11 or newer with its venv module, and found none on PATH."
        say "Install it (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.11),"
        say "or name one: make install PYTHON=/path/to/python3.11"
        exit 1
    fi
    say "Creating .venv with $("$python" --version)."
    "$python" -m venv --clear .venv
fi

free_kb="$(df -Pk . | awk 'NR == 2 { print $4 }')"
if [ "${free_kb:-0}" -lt 3000000 ]; then
    say "Installing needs about 3 GB, and only $((free_kb / 1000)) MB are free here. Make room and try again."
    exit 1
fi

# Without compiling thousands of files of which few are ever imported; Python does it as it needs them.
pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet install --no-compile "$@"; }

say "Installing what Previs needs. The first time this takes a few minutes: about 150 packages, torch is the largest."
if ! .venv/bin/python -c 'import torch' 2>/dev/null; then
    # Alone and first, so that its index can differ: builds without CUDA are a tenth of the size.
    pip ${TORCH_INDEX_URL:+--index-url "$TORCH_INDEX_URL"} "$(grep -i '^torch==' constraints.txt)"
fi
pip --constraint constraints.txt --editable '.[diffusion,dev]'
printf '%s' "$wanted" >"$stamp"
say "Installed."
