#!/bin/sh
# Are the two programs there that the tests start by themselves? PostgreSQL and Chromium, from the distribution.
set -eu

has_browser() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }
has_postgres() {
    command -v initdb >/dev/null 2>&1 && return 0
    for found in "${POSTGRES_BINARIES:-/usr/lib/postgresql}"/*/bin/initdb; do [ -x "$found" ] && return 0; done
    return 1
}

wanted=
has_postgres || wanted="$wanted postgresql"
has_browser || wanted="$wanted chromium"
[ -n "$wanted" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    printf 'system-test: the tests need:%s. Install them with your package manager, then try again.\n' "$wanted" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        printf 'system-test: the tests need:%s. Please type:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends%s\n' "$wanted" "$wanted" >&2
        exit 1
    fi
fi
printf 'system-test: installing%s\n' "$wanted" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # two lists of words
{
    $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $wanted
} > "$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
